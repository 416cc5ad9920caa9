create table requests (
  id uuid primary key,
  number text collate "C" not null,
  area_code text collate "C" not null references areas (code),
  case_id uuid references cases (id),
  person_id uuid references people (id),
  asker_kind text collate "C" not null,
  kind text collate "C" not null,
  way text collate "C" not null,
  others boolean not null,
  received_on date not null,
  answer_by_on date not null,
  answer_rule_version bigint not null,
  act_rule text collate "C" not null,
  act_rule_version bigint not null,
  act_by_on date not null,
  due_on date,
  state text collate "C" not null,
  extended_at bigint,
  extended_by uuid references users (id),
  answered_on date,
  answered_by uuid references users (id),
  done_on date,
  done_by uuid references users (id),
  handler_id uuid not null references users (id),
  asker bytea,
  proof bytea,
  contact bytea,
  what bytea,
  answer bytea,
  extension bytea,
  refusal bytea,
  refusal_basis bytea,
  outcome bytea,
  made_by uuid not null references users (id),
  made_at bigint not null,
  version bigint not null
);
create unique index requests_number on requests (number);
create index requests_by_case on requests (case_id);
create index requests_by_person on requests (person_id);
create index requests_due on requests (due_on, id) where due_on is not null;
create index requests_by_area on requests (area_code, received_on);
