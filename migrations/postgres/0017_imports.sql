create table imports (
  id uuid primary key,
  area_code text collate "C" not null references areas (code),
  file_hash bytea not null,
  opened bigint not null,
  refused bigint not null,
  made_by uuid not null references users (id),
  made_at bigint not null
);
create table import_rows (
  area_code text collate "C" not null references areas (code),
  row_hash bytea not null,
  import_id uuid not null references imports (id),
  case_id uuid not null references cases (id),
  primary key (area_code, row_hash)
);
