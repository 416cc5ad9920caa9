-- What is asked about a person's needs. A set in force is never changed: a new version of it comes into force on a day.
create table questions (
  version bigint not null,
  word text collate "C" not null,
  area text collate "C" not null,
  kind text collate "C" not null,
  rank bigint not null,
  valid_from date not null,
  asks_vi text collate "C" not null,
  asks_en text collate "C" not null,
  primary key (version, word)
);
-- One look at one area: the newest of an area is what holds, the older ones stay with the questions that they answered.
create table needs (
  id uuid primary key,
  case_id uuid not null references cases (id),
  area text collate "C" not null,
  question_version bigint not null,
  level text collate "C" not null,
  note bytea,
  by uuid not null references users (id),
  made_at bigint not null
);
create index needs_by_case on needs (case_id);
create table need_answers (
  id uuid primary key,
  need_id uuid not null references needs (id),
  case_id uuid not null references cases (id),
  question text collate "C" not null,
  answer bytea not null
);
create index need_answers_by_case on need_answers (case_id);
create index need_answers_by_need on need_answers (need_id);
-- One version of a person's plan. What was submitted stays as it is; a change is a new version.
create table plans (
  id uuid primary key,
  case_id uuid not null references cases (id),
  number bigint not null,
  state text collate "C" not null,
  agreed_on date,
  agreed_how text collate "C",
  submitted_by uuid references users (id),
  submitted_at bigint,
  decided_by uuid references users (id),
  decided_at bigint,
  comment bytea,
  made_by uuid not null references users (id),
  made_at bigint not null,
  version bigint not null
);
create unique index plans_number on plans (case_id, number);
create table plan_goals (
  id uuid primary key,
  plan_id uuid not null references plans (id),
  case_id uuid not null references cases (id),
  area text collate "C" not null,
  what bytea not null,
  owner text collate "C" not null,
  organisation_id uuid references organisations (id),
  relative_id uuid references relatives (id),
  made_at bigint not null,
  dropped_at bigint
);
create index plan_goals_by_plan on plan_goals (plan_id);
create index plan_goals_by_case on plan_goals (case_id);
-- A step of a plan in force is a follow-up: whether it is done, late or put off is said there and nowhere else.
create table plan_steps (
  id uuid primary key,
  plan_id uuid not null references plans (id),
  goal_id uuid not null references plan_goals (id),
  case_id uuid not null references cases (id),
  what bytea not null,
  due_on date not null,
  owner text collate "C" not null,
  organisation_id uuid references organisations (id),
  relative_id uuid references relatives (id),
  follow_up_id uuid references follow_ups (id),
  made_at bigint not null,
  dropped_at bigint
);
create index plan_steps_by_plan on plan_steps (plan_id);
create index plan_steps_by_case on plan_steps (case_id);
create index plan_steps_by_follow_up on plan_steps (follow_up_id);
