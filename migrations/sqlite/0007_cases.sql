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
  phone blob,
  phone_mark blob,
  phone_of blob not null,
  address blob not null,
  wishes blob not null,
  visit_safely blob not null,
  changed_at integer not null
) strict, without rowid;
create index contacts_by_phone on contacts (phone_mark);
create table legals (
  case_id blob primary key references cases (id),
  regime text not null,
  juvenile blob not null,
  source blob not null,
  certificate_no blob not null,
  certificate_on blob,
  released_on blob,
  noticed_on blob,
  address_checked_on blob,
  -- what the family said of the address, and when whoever sent the notice was told (HCD-03)
  address_found blob,
  informed_on blob,
  present_by_on blob,
  received_on blob,
  pledged_on blob,
  sheet_on blob,
  moved_in_on blob,
  moved_from blob,
  -- under which regime the case began, if it went on under another
  continued_from text,
  continued_on blob,
  reopened_on blob,
  suspended_review_on blob,
  closed_on blob,
  closure_ground blob,
  closure_note blob,
  moved_to blob,
  changed_at integer not null
) strict, without rowid;
create table sentences (
  id blob primary key,
  case_id blob not null references cases (id),
  offence blob not null,
  penalty blob not null,
  sentenced_on blob,
  court blob not null,
  made_at integer not null
) strict, without rowid;
create index sentences_by_case on sentences (case_id);
create table classifications (
  id blob primary key,
  case_id blob not null references cases (id),
  grp text not null,
  since_on text not null,
  reason blob not null,
  -- the helper's report that it rests on
  report_on text,
  report blob,
  organisation_id blob references organisations (id),
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index classifications_by_case on classifications (case_id, since_on, id);
create table protected_notes (
  id blob primary key,
  case_id blob not null references cases (id),
  reason blob not null,
  note blob not null,
  review_on text not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index protected_notes_by_case on protected_notes (case_id);
