create table imports (
  id blob primary key,
  area_code text not null references areas (code),
  file_hash blob not null,
  opened integer not null,
  refused integer not null,
  made_by blob not null references users (id),
  made_at integer not null,
  -- taken back as a whole, but for the cases that people have worked on since
  undone_at integer,
  undone_by blob references users (id),
  taken_back integer not null default 0
) strict, without rowid;
create table import_rows (
  area_code text not null references areas (code),
  row_hash blob not null,
  import_id blob not null references imports (id),
  case_id blob not null references cases (id),
  -- why the case stayed when its import was taken back
  kept text,
  primary key (area_code, row_hash)
) strict, without rowid;
create index imports_by_area on imports (area_code, made_at, id);
create index import_rows_by_import on import_rows (import_id);
create index import_rows_by_case on import_rows (case_id);
