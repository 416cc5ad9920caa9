create table requests (
  id blob primary key,
  number text not null,
  area_code text not null references areas (code),
  case_id blob references cases (id),
  person_id blob references people (id),
  asker_kind text not null,
  kind text not null,
  way text not null,
  others integer not null,
  received_on text not null,
  answer_by_on text not null,
  answer_rule_version integer not null,
  act_rule text not null,
  act_rule_version integer not null,
  act_by_on text not null,
  due_on text,
  state text not null,
  extended_at integer,
  extended_by blob references users (id),
  answered_on text,
  answered_by blob references users (id),
  done_on text,
  done_by blob references users (id),
  handler_id blob not null references users (id),
  asker blob,
  proof blob,
  contact blob,
  what blob,
  answer blob,
  extension blob,
  refusal blob,
  refusal_basis blob,
  outcome blob,
  made_by blob not null references users (id),
  made_at integer not null,
  version integer not null
) strict, without rowid;
create unique index requests_number on requests (number);
create index requests_by_case on requests (case_id);
create index requests_by_person on requests (person_id);
create index requests_due on requests (due_on, id) where due_on is not null;
create index requests_by_area on requests (area_code, received_on);
