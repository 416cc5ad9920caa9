create table cases (
  id blob primary key,
  code text not null,
  person_id blob not null references people (id),
  area_code text not null references areas (code),
  hamlet_id blob references hamlets (id),
  status text not null,
  opened_on text not null,
  -- who is in charge today; `assignments` has the history
  officer_id blob references users (id),
  -- what the due engine found when it last planned this case
  last_contact_on text,
  never_met integer not null,
  tries integer not null,
  to_supervisor integer not null,
  rule_version integer not null,
  urgent_at integer,
  created_at integer not null,
  version integer not null
) strict, without rowid;
create unique index cases_code on cases (code);
create index cases_by_person on cases (person_id);
create index cases_by_officer on cases (officer_id);
create index cases_by_area on cases (area_code);
create index cases_by_rule_version on cases (rule_version);
create table contacts (
  case_id blob primary key references cases (id),
  phone text,
  phone_of text not null,
  address text not null,
  wishes text not null,
  visit_safely text not null,
  changed_at integer not null
) strict, without rowid;
create index contacts_by_phone on contacts (phone);
create table legals (
  case_id blob primary key references cases (id),
  regime text not null,
  juvenile integer not null,
  source text not null,
  certificate_no text not null,
  certificate_on text,
  released_on text,
  noticed_on text,
  address_checked_on text,
  present_by_on text,
  received_on text,
  suspended_review_on text,
  closed_on text,
  closure_ground text,
  closure_note text not null,
  changed_at integer not null
) strict, without rowid;
create table sentences (
  id blob primary key,
  case_id blob not null references cases (id),
  offence text not null,
  penalty text not null,
  sentenced_on text,
  court text not null,
  made_at integer not null
) strict, without rowid;
create index sentences_by_case on sentences (case_id);
create table classifications (
  id blob primary key,
  case_id blob not null references cases (id),
  grp text not null,
  since_on text not null,
  reason text not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index classifications_by_case on classifications (case_id, since_on, id);
create table protected_notes (
  id blob primary key,
  case_id blob not null references cases (id),
  reason text not null,
  note text not null,
  review_on text not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index protected_notes_by_case on protected_notes (case_id);
