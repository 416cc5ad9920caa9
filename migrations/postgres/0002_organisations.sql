create table organisations (
  id uuid primary key,
  area_code text collate "C" not null references areas (code),
  kind text collate "C" not null,
  name_vi text collate "C" not null,
  name_en text collate "C" not null
);
create unique index organisations_one_kind on organisations (area_code, kind);
