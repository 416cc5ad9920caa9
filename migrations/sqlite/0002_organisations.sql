create table organisations (
  id blob primary key,
  area_code text not null references areas (code),
  kind text not null,
  name_vi text not null,
  name_en text not null
) strict, without rowid;
create unique index organisations_one_kind on organisations (area_code, kind);
