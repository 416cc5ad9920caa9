-- Who lives together: a household of a person's family, where it lives and who speaks for it (null: the person herself).
create table households (
  id blob primary key,
  case_id blob not null references cases (id),
  hamlet_id blob references hamlets (id),
  address blob,
  with_person integer not null,
  speaker_id blob references relatives (id),
  consented_on text,
  consented_how text,
  shares integer not null default 0,
  withdrawn_at integer,
  made_by blob not null references users (id),
  made_at integer not null,
  ended_at integer,
  version integer not null
) strict, without rowid;
create index households_by_case on households (case_id);
-- A child of the family, and who answers for her (null: the person herself). It knows nothing of any judgment.
create table children (
  id blob primary key,
  case_id blob not null references cases (id),
  guardian_id blob references relatives (id),
  name blob not null,
  born_year blob,
  school blob,
  grade blob,
  consented_on text,
  consented_how text,
  shares integer not null default 0,
  withdrawn_at integer,
  made_by blob not null references users (id),
  made_at integer not null,
  ended_at integer,
  version integer not null
) strict, without rowid;
create index children_by_case on children (case_id);
-- Who lives in a household, from when to when: a relative or a child.
create table household_members (
  id blob primary key,
  case_id blob not null references cases (id),
  household_id blob not null references households (id),
  relative_id blob references relatives (id),
  child_id blob references children (id),
  made_at integer not null,
  ended_at integer
) strict, without rowid;
create index household_members_by_case on household_members (case_id);
create index household_members_by_household on household_members (household_id);
-- What a household, a child or a relative needs, until it is met.
create table home_needs (
  id blob primary key,
  case_id blob not null references cases (id),
  household_id blob references households (id),
  child_id blob references children (id),
  relative_id blob references relatives (id),
  kind text not null,
  what blob not null,
  level text not null,
  by blob not null references users (id),
  made_at integer not null,
  met_on text,
  met_by blob references users (id),
  met_note blob,
  version integer not null
) strict, without rowid;
create index home_needs_by_case on home_needs (case_id);
-- For whom of the family a visit or a piece of help was; null: for the person herself.
alter table visits add column relative_id blob references relatives (id);
alter table visits add column child_id blob references children (id);
alter table helps add column relative_id blob references relatives (id);
alter table helps add column child_id blob references children (id);
