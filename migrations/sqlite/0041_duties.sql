-- A sentence that is served in the community (regimes R3 to R7). Whoever has served hers, or was amnestied, has no row here but
-- those of her time before.
-- From when to when it is served: what the court pronounced, and the end that is in force. The newest row holds.
create table duty_terms (
  id blob primary key,
  case_id blob not null references cases (id),
  content blob not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index duty_terms_by_case on duty_terms (case_id, made_at, id);
-- The assessment of the days before `round_on`, which is the first day on which it can be written.
create table duty_assessments (
  id blob primary key,
  case_id blob not null references cases (id),
  round_on text not null,
  made_on text not null,
  -- the day on which it was sent up; empty: not yet
  sent_on text,
  content blob not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create unique index duty_assessments_one_a_round on duty_assessments (case_id, round_on);
create table duty_absences (
  id blob primary key,
  case_id blob not null references cases (id),
  state text not null,
  asked_on text not null,
  from_on text not null,
  to_on text not null,
  proposal text not null,
  content blob not null,
  -- number and reasons of the written decision
  decision blob,
  decided_on text,
  decided_by blob references users (id),
  decided_at integer,
  returned_on text,
  task_id blob references follow_ups (id),
  return_task_id blob references follow_ups (id),
  by blob not null references users (id),
  made_at integer not null,
  version integer not null
) strict, without rowid;
create index duty_absences_by_case on duty_absences (case_id, from_on);
create index duty_absences_waiting on duty_absences (from_on, id) where state = 'requested';
create table duty_breaches (
  id blob primary key,
  case_id blob not null references cases (id),
  on_day text not null,
  -- by when what was decided is to be done, and when it was
  due_on text not null,
  settled_on text,
  task_id blob references follow_ups (id),
  content blob not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index duty_breaches_by_case on duty_breaches (case_id, on_day);
create table duty_shortenings (
  id blob primary key,
  case_id blob not null references cases (id),
  state text not null,
  proposed_on text not null,
  decided_on text,
  months integer,
  content blob not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index duty_shortenings_by_case on duty_shortenings (case_id, proposed_on);
create table duty_certificates (
  id blob primary key,
  case_id blob not null references cases (id),
  given_on text not null,
  how text not null,
  content blob not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index duty_certificates_by_case on duty_certificates (case_id);
-- Custody or treatment: from when to when the office had nothing to assess.
create table suspensions (
  id blob primary key,
  case_id blob not null references cases (id),
  from_on blob not null,
  to_on blob,
  made_at integer not null
) strict, without rowid;
create index suspensions_by_case on suspensions (case_id, made_at, id);
-- Of the rounds of an assessment several may stand open, each for its own period.
drop index follow_ups_one_planned;
create unique index follow_ups_one_planned on follow_ups (case_id, kind, rule)
  where done_at is null and dropped_at is null and made_by is null and kind <> 'duty_assessment';
create unique index follow_ups_one_round on follow_ups (case_id, base_on)
  where done_at is null and dropped_at is null and kind = 'duty_assessment';
