-- Provinces (two digits) and communes (five digits), codes of QĐ 19/2025/QĐ-TTg. Compare by code, never by name.
create table areas (
  code text collate "C" primary key,
  name text collate "C" not null,
  name_fold text collate "C" not null,
  kind text collate "C" not null,
  province_code text collate "C" references areas (code),
  valid_from date not null,
  valid_to date,
  legal_basis text collate "C" not null
);
create index areas_by_province on areas (province_code);
-- Places below the commune (ấp, khóm, khu phố): no official list exists, the commune keeps its own, with history.
create table hamlets (
  id uuid primary key,
  area_code text collate "C" not null references areas (code),
  name text collate "C" not null,
  name_fold text collate "C" not null,
  kind text collate "C" not null,
  valid_from date not null,
  valid_to date
);
create unique index hamlets_one_name on hamlets (area_code, name, valid_from);
-- Days off, and Saturdays worked in exchange, each with its decision.
create table holidays (
  on_day date primary key,
  kind text collate "C" not null,
  name_vi text collate "C" not null,
  name_en text collate "C" not null,
  legal_basis text collate "C" not null
);
