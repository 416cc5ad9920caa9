-- Provinces (two digits) and communes (five digits), codes of QĐ 19/2025/QĐ-TTg. Compare by code, never by name.
create table areas (
  code text primary key,
  name text not null,
  name_fold text not null,
  kind text not null,
  province_code text references areas (code),
  valid_from text not null,
  valid_to text,
  legal_basis text not null
) strict, without rowid;
create index areas_by_province on areas (province_code);
-- Places below the commune (ấp, khóm, khu phố): no official list exists, the commune keeps its own, with history.
create table hamlets (
  id blob primary key,
  area_code text not null references areas (code),
  name text not null,
  name_fold text not null,
  kind text not null,
  valid_from text not null,
  valid_to text
) strict, without rowid;
create unique index hamlets_one_name on hamlets (area_code, name, valid_from);
-- Days off, and Saturdays worked in exchange, each with its decision.
create table holidays (
  on_day text primary key,
  kind text not null,
  name_vi text not null,
  name_en text not null,
  legal_basis text not null
) strict, without rowid;
