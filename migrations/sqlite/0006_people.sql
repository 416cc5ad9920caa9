create table people (
  id blob primary key,
  name text not null,
  name_fold text not null,
  name_key blob not null,
  aliases text not null,
  alias_fold text not null,
  sex text,
  birth_on blob,
  birth_year integer,
  birth_precision text,
  created_at integer not null,
  version integer not null
) strict, without rowid;
create index people_by_name on people (name_key, id);
-- Sensitive parts, each its own table behind its own act.
create table identities (
  person_id blob primary key references people (id),
  number blob not null,
  -- keyed hash of the digits, for exact search; not unique: that would tell of a person one may not see
  number_mark blob not null,
  kind text not null,
  changed_at integer not null
) strict, without rowid;
create index identities_by_number on identities (number_mark);
create table origins (
  person_id blob primary key references people (id),
  ethnicity blob not null,
  religion blob not null,
  changed_at integer not null
) strict, without rowid;
create table healths (
  person_id blob primary key references people (id),
  note blob not null,
  changed_at integer not null
) strict, without rowid;
