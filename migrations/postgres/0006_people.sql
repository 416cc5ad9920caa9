create table people (
  id uuid primary key,
  name text collate "C" not null,
  name_fold text collate "C" not null,
  name_key bytea not null,
  aliases text collate "C" not null,
  alias_fold text collate "C" not null,
  sex text collate "C",
  birth_on bytea,
  birth_year bigint,
  birth_precision text collate "C",
  created_at bigint not null,
  version bigint not null
);
create index people_by_name on people (name_key, id);
-- Sensitive parts, each its own table behind its own act.
create table identities (
  person_id uuid primary key references people (id),
  number bytea not null,
  -- keyed hash of the digits, for exact search; not unique: that would tell of a person one may not see
  number_mark bytea not null,
  kind text collate "C" not null,
  changed_at bigint not null
);
create index identities_by_number on identities (number_mark);
create table origins (
  person_id uuid primary key references people (id),
  ethnicity bytea not null,
  religion bytea not null,
  changed_at bigint not null
);
create table healths (
  person_id uuid primary key references people (id),
  note bytea not null,
  changed_at bigint not null
);
