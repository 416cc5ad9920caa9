create table rules (
  word text not null,
  version integer not null,
  amount integer not null,
  unit text not null,
  valid_from text not null,
  legal_basis text not null,
  name_vi text not null,
  name_en text not null,
  primary key (word, version)
) strict, without rowid;
-- Bumped by every change of rules or holidays; cases carry the version that they were planned with.
create table rulebook (
  id integer primary key,
  version integer not null
) strict, without rowid;
insert into rulebook (id, version) values (1, 1);
create table follow_ups (
  id blob primary key,
  case_id blob not null references cases (id),
  kind text not null,
  rule text not null,
  rule_version integer not null,
  base_on text not null,
  due_on text not null,
  interval_days integer not null,
  halved integer not null,
  family integer not null,
  postponed integer not null,
  what blob,
  organisation_id blob references organisations (id),
  made_by blob,
  -- the visit at which it was agreed
  made_visit_id blob references visits (id),
  made_at integer not null,
  done_at integer,
  done_by blob,
  done_visit_id blob references visits (id),
  done_note blob,
  -- the plan no longer asks for it
  dropped_at integer,
  version integer not null
) strict, without rowid;
create index follow_ups_open_by_case on follow_ups (case_id, due_on) where done_at is null and dropped_at is null;
create index follow_ups_open_by_due on follow_ups (due_on, id) where done_at is null and dropped_at is null;
create index follow_ups_done_by_case on follow_ups (case_id, done_at) where done_at is not null;
create unique index follow_ups_one_planned on follow_ups (case_id, kind, rule) where done_at is null and dropped_at is null and made_by is null;
create table postponements (
  id blob primary key,
  follow_up_id blob not null references follow_ups (id),
  case_id blob not null references cases (id),
  kind text not null,
  rule text not null,
  from_on text not null,
  to_on text not null,
  reason blob not null,
  by blob not null references users (id),
  at integer not null
) strict, without rowid;
create index postponements_by_case on postponements (case_id);
-- A change of rules or holidays asks for every case to be planned anew, 500 a transaction.
create table replan_runs (
  id blob primary key,
  reason text not null,
  rule_version integer not null,
  after_case blob,
  planned integer not null,
  differing integer not null,
  made_at integer not null,
  done_at integer
) strict, without rowid;
