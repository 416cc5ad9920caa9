create table rules (
  word text collate "C" not null,
  version bigint not null,
  amount bigint not null,
  unit text collate "C" not null,
  valid_from date not null,
  legal_basis text collate "C" not null,
  name_vi text collate "C" not null,
  name_en text collate "C" not null,
  primary key (word, version)
);
-- Bumped by every change of rules or holidays; cases carry the version that they were planned with.
create table rulebook (
  id bigint primary key,
  version bigint not null
);
insert into rulebook (id, version) values (1, 1);
create table follow_ups (
  id uuid primary key,
  case_id uuid not null references cases (id),
  kind text collate "C" not null,
  rule text collate "C" not null,
  rule_version bigint not null,
  base_on date not null,
  due_on date not null,
  interval_days bigint not null,
  halved boolean not null,
  family boolean not null,
  postponed bigint not null,
  what bytea,
  organisation_id uuid references organisations (id),
  made_by uuid,
  -- the visit at which it was agreed
  made_visit_id uuid references visits (id),
  made_at bigint not null,
  done_at bigint,
  done_by uuid,
  done_visit_id uuid references visits (id),
  done_note bytea,
  -- the plan no longer asks for it
  dropped_at bigint,
  version bigint not null
);
create index follow_ups_open_by_case on follow_ups (case_id, due_on) where done_at is null and dropped_at is null;
create index follow_ups_open_by_due on follow_ups (due_on, id) where done_at is null and dropped_at is null;
create index follow_ups_done_by_case on follow_ups (case_id, done_at) where done_at is not null;
create unique index follow_ups_one_planned on follow_ups (case_id, kind, rule) where done_at is null and dropped_at is null and made_by is null;
create table postponements (
  id uuid primary key,
  follow_up_id uuid not null references follow_ups (id),
  case_id uuid not null references cases (id),
  kind text collate "C" not null,
  rule text collate "C" not null,
  from_on date not null,
  to_on date not null,
  reason bytea not null,
  by uuid not null references users (id),
  at bigint not null
);
create index postponements_by_case on postponements (case_id);
-- A change of rules or holidays asks for every case to be planned anew, 500 a transaction.
create table replan_runs (
  id uuid primary key,
  reason text collate "C" not null,
  rule_version bigint not null,
  after_case uuid,
  planned bigint not null,
  differing bigint not null,
  made_at bigint not null,
  done_at bigint
);
