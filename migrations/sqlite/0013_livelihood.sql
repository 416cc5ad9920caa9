-- Where money comes from, each with its own rules. A fund of the province is there for all of its communes.
create table funds (
  id blob primary key,
  area_code text not null references areas (code),
  kind text not null,
  name text not null,
  least_vnd integer,
  most_vnd integer,
  most_months integer,
  -- hundredths of a percent a month: 50 is 0.5 %
  rate_month integer,
  terms text not null,
  -- nothing of it is given before the head has approved
  head_approves integer not null,
  from_on text not null,
  to_on text,
  made_by blob references users (id),
  made_at integer not null,
  version integer not null
) strict, without rowid;
create unique index funds_by_area on funds (area_code, name);
create table helps (
  id blob primary key,
  case_id blob not null references cases (id),
  organisation_id blob references organisations (id),
  fund_id blob references funds (id),
  kind text not null,
  what blob not null,
  state text not null,
  promised_on text,
  given_on text,
  vnd integer,
  -- where it comes from in words, if from no fund of the list
  fund blob not null,
  -- how many: animals, tools, papers
  quantity integer,
  -- training and work
  starts_on text,
  ends_on text,
  employer blob,
  certificate blob,
  wage integer,
  by blob not null references users (id),
  made_at integer not null,
  version integer not null
) strict, without rowid;
create index helps_by_case on helps (case_id);
create index helps_by_fund on helps (fund_id);
-- Each step of a piece of help: what was promised, approved, given, on which day, by whom. Nothing is written over.
create table help_steps (
  id blob primary key,
  help_id blob not null references helps (id),
  case_id blob not null references cases (id),
  state text not null,
  on_day text not null,
  vnd integer,
  receipt blob,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index help_steps_by_help on help_steps (help_id);
create index help_steps_by_case on help_steps (case_id);
-- Is somebody who found work still at it? Asked some months after its first day; each question is a follow-up.
create table work_checks (
  id blob primary key,
  help_id blob not null references helps (id),
  case_id blob not null references cases (id),
  follow_up_id blob references follow_ups (id),
  months integer not null,
  due_on text not null,
  seen_on text,
  at_work integer,
  note blob,
  by blob references users (id),
  made_at integer not null
) strict, without rowid;
create unique index work_checks_once on work_checks (help_id, months);
create index work_checks_by_case on work_checks (case_id);
create index work_checks_by_follow_up on work_checks (follow_up_id);
