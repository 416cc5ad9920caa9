-- What is asked about a person's needs. A set in force is never changed: a new version of it comes into force on a day.
create table questions (
  version integer not null,
  word text not null,
  area text not null,
  kind text not null,
  rank integer not null,
  valid_from text not null,
  asks_vi text not null,
  asks_en text not null,
  primary key (version, word)
) strict, without rowid;
-- One look at one area: the newest of an area is what holds, the older ones stay with the questions that they answered.
create table needs (
  id blob primary key,
  case_id blob not null references cases (id),
  area text not null,
  question_version integer not null,
  level text not null,
  note blob,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index needs_by_case on needs (case_id);
create table need_answers (
  id blob primary key,
  need_id blob not null references needs (id),
  case_id blob not null references cases (id),
  question text not null,
  answer blob not null
) strict, without rowid;
create index need_answers_by_case on need_answers (case_id);
create index need_answers_by_need on need_answers (need_id);
-- One version of a person's plan. What was submitted stays as it is; a change is a new version.
create table plans (
  id blob primary key,
  case_id blob not null references cases (id),
  number integer not null,
  state text not null,
  agreed_on text,
  agreed_how text,
  submitted_by blob references users (id),
  submitted_at integer,
  decided_by blob references users (id),
  decided_at integer,
  comment blob,
  made_by blob not null references users (id),
  made_at integer not null,
  version integer not null
) strict, without rowid;
create unique index plans_number on plans (case_id, number);
create table plan_goals (
  id blob primary key,
  plan_id blob not null references plans (id),
  case_id blob not null references cases (id),
  area text not null,
  what blob not null,
  owner text not null,
  organisation_id blob references organisations (id),
  relative_id blob references relatives (id),
  made_at integer not null,
  dropped_at integer
) strict, without rowid;
create index plan_goals_by_plan on plan_goals (plan_id);
create index plan_goals_by_case on plan_goals (case_id);
-- A step of a plan in force is a follow-up: whether it is done, late or put off is said there and nowhere else.
create table plan_steps (
  id blob primary key,
  plan_id blob not null references plans (id),
  goal_id blob not null references plan_goals (id),
  case_id blob not null references cases (id),
  what blob not null,
  due_on text not null,
  owner text not null,
  organisation_id blob references organisations (id),
  relative_id blob references relatives (id),
  follow_up_id blob references follow_ups (id),
  made_at integer not null,
  dropped_at integer
) strict, without rowid;
create index plan_steps_by_plan on plan_steps (plan_id);
create index plan_steps_by_case on plan_steps (case_id);
create index plan_steps_by_follow_up on plan_steps (follow_up_id);
