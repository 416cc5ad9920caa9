-- Who lives together: a household of a person's family, where it lives and who speaks for it (null: the person herself).
create table households (
  id uuid primary key,
  case_id uuid not null references cases (id),
  hamlet_id uuid references hamlets (id),
  address bytea,
  with_person boolean not null,
  speaker_id uuid references relatives (id),
  consented_on date,
  consented_how text collate "C",
  shares boolean not null default false,
  withdrawn_at bigint,
  made_by uuid not null references users (id),
  made_at bigint not null,
  ended_at bigint,
  version bigint not null
);
create index households_by_case on households (case_id);
-- A child of the family, and who answers for her (null: the person herself). It knows nothing of any judgment.
create table children (
  id uuid primary key,
  case_id uuid not null references cases (id),
  guardian_id uuid references relatives (id),
  name bytea not null,
  born_year bytea,
  school bytea,
  grade bytea,
  consented_on date,
  consented_how text collate "C",
  shares boolean not null default false,
  withdrawn_at bigint,
  made_by uuid not null references users (id),
  made_at bigint not null,
  ended_at bigint,
  version bigint not null
);
create index children_by_case on children (case_id);
-- Who lives in a household, from when to when: a relative or a child.
create table household_members (
  id uuid primary key,
  case_id uuid not null references cases (id),
  household_id uuid not null references households (id),
  relative_id uuid references relatives (id),
  child_id uuid references children (id),
  made_at bigint not null,
  ended_at bigint
);
create index household_members_by_case on household_members (case_id);
create index household_members_by_household on household_members (household_id);
-- What a household, a child or a relative needs, until it is met.
create table home_needs (
  id uuid primary key,
  case_id uuid not null references cases (id),
  household_id uuid references households (id),
  child_id uuid references children (id),
  relative_id uuid references relatives (id),
  kind text collate "C" not null,
  what bytea not null,
  level text collate "C" not null,
  by uuid not null references users (id),
  made_at bigint not null,
  met_on date,
  met_by uuid references users (id),
  met_note bytea,
  version bigint not null
);
create index home_needs_by_case on home_needs (case_id);
-- For whom of the family a visit or a piece of help was; null: for the person herself.
alter table visits add column relative_id uuid references relatives (id);
alter table visits add column child_id uuid references children (id);
alter table helps add column relative_id uuid references relatives (id);
alter table helps add column child_id uuid references children (id);
