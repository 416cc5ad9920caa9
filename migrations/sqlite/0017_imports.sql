create table imports (
  id blob primary key,
  area_code text not null references areas (code),
  file_hash blob not null,
  opened integer not null,
  refused integer not null,
  made_by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create table import_rows (
  area_code text not null references areas (code),
  row_hash blob not null,
  import_id blob not null references imports (id),
  case_id blob not null references cases (id),
  primary key (area_code, row_hash)
) strict, without rowid;
