-- Where money comes from, each with its own rules. A fund of the province is there for all of its communes.
create table funds (
  id uuid primary key,
  area_code text collate "C" not null references areas (code),
  kind text collate "C" not null,
  name text collate "C" not null,
  least_vnd bigint,
  most_vnd bigint,
  most_months bigint,
  -- hundredths of a percent a month: 50 is 0.5 %
  rate_month bigint,
  terms text collate "C" not null,
  -- nothing of it is given before the head has approved
  head_approves boolean not null,
  from_on date not null,
  to_on date,
  made_by uuid references users (id),
  made_at bigint not null,
  version bigint not null
);
create unique index funds_by_area on funds (area_code, name);
create table helps (
  id uuid primary key,
  case_id uuid not null references cases (id),
  organisation_id uuid references organisations (id),
  fund_id uuid references funds (id),
  kind text collate "C" not null,
  what bytea not null,
  state text collate "C" not null,
  promised_on date,
  given_on date,
  vnd bigint,
  -- where it comes from in words, if from no fund of the list
  fund bytea not null,
  -- how many: animals, tools, papers
  quantity bigint,
  -- training and work
  starts_on date,
  ends_on date,
  employer bytea,
  certificate bytea,
  wage bigint,
  by uuid not null references users (id),
  made_at bigint not null,
  version bigint not null
);
create index helps_by_case on helps (case_id);
create index helps_by_fund on helps (fund_id);
-- Each step of a piece of help: what was promised, approved, given, on which day, by whom. Nothing is written over.
create table help_steps (
  id uuid primary key,
  help_id uuid not null references helps (id),
  case_id uuid not null references cases (id),
  state text collate "C" not null,
  on_day date not null,
  vnd bigint,
  receipt bytea,
  by uuid not null references users (id),
  made_at bigint not null
);
create index help_steps_by_help on help_steps (help_id);
create index help_steps_by_case on help_steps (case_id);
-- Is somebody who found work still at it? Asked some months after its first day; each question is a follow-up.
create table work_checks (
  id uuid primary key,
  help_id uuid not null references helps (id),
  case_id uuid not null references cases (id),
  follow_up_id uuid references follow_ups (id),
  months bigint not null,
  due_on date not null,
  seen_on date,
  at_work boolean,
  note bytea,
  by uuid references users (id),
  made_at bigint not null
);
create unique index work_checks_once on work_checks (help_id, months);
create index work_checks_by_case on work_checks (case_id);
create index work_checks_by_follow_up on work_checks (follow_up_id);
