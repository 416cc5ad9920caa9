create table imports (
  id uuid primary key,
  area_code text collate "C" not null references areas (code),
  file_hash bytea not null,
  opened bigint not null,
  refused bigint not null,
  made_by uuid not null references users (id),
  made_at bigint not null,
  -- taken back as a whole, but for the cases that people have worked on since
  undone_at bigint,
  undone_by uuid references users (id),
  taken_back bigint not null default 0
);
create table import_rows (
  area_code text collate "C" not null references areas (code),
  row_hash bytea not null,
  import_id uuid not null references imports (id),
  case_id uuid not null references cases (id),
  -- why the case stayed when its import was taken back
  kept text collate "C",
  primary key (area_code, row_hash)
);
create index imports_by_area on imports (area_code, made_at, id);
create index import_rows_by_import on import_rows (import_id);
create index import_rows_by_case on import_rows (case_id);
