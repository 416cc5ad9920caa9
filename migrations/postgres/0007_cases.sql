create table cases (
  id uuid primary key,
  code text collate "C" not null,
  person_id uuid not null references people (id),
  area_code text collate "C" not null references areas (code),
  hamlet_id uuid references hamlets (id),
  status text collate "C" not null,
  opened_on date not null,
  -- who is in charge today; `assignments` has the history
  officer_id uuid references users (id),
  -- what the due engine found when it last planned this case
  last_contact_on date,
  never_met boolean not null,
  tries bigint not null,
  to_supervisor boolean not null,
  rule_version bigint not null,
  urgent_at bigint,
  created_at bigint not null,
  version bigint not null
);
create unique index cases_code on cases (code);
create index cases_by_person on cases (person_id);
create index cases_by_officer on cases (officer_id);
create index cases_by_area on cases (area_code);
create index cases_by_rule_version on cases (rule_version);
create table contacts (
  case_id uuid primary key references cases (id),
  phone bytea,
  phone_mark bytea,
  phone_of bytea not null,
  address bytea not null,
  wishes bytea not null,
  visit_safely bytea not null,
  changed_at bigint not null
);
create index contacts_by_phone on contacts (phone_mark);
create table legals (
  case_id uuid primary key references cases (id),
  regime text collate "C" not null,
  juvenile bytea not null,
  source bytea not null,
  certificate_no bytea not null,
  certificate_on bytea,
  released_on bytea,
  noticed_on bytea,
  address_checked_on bytea,
  -- what the family said of the address, and when whoever sent the notice was told (HCD-03)
  address_found bytea,
  informed_on bytea,
  present_by_on bytea,
  received_on bytea,
  pledged_on bytea,
  sheet_on bytea,
  moved_in_on bytea,
  moved_from bytea,
  -- under which regime the case began, if it went on under another
  continued_from text collate "C",
  continued_on bytea,
  reopened_on bytea,
  suspended_review_on bytea,
  closed_on bytea,
  closure_ground bytea,
  closure_note bytea,
  moved_to bytea,
  changed_at bigint not null
);
create table sentences (
  id uuid primary key,
  case_id uuid not null references cases (id),
  offence bytea not null,
  penalty bytea not null,
  sentenced_on bytea,
  court bytea not null,
  made_at bigint not null
);
create index sentences_by_case on sentences (case_id);
create table classifications (
  id uuid primary key,
  case_id uuid not null references cases (id),
  grp text collate "C" not null,
  since_on date not null,
  reason bytea not null,
  -- the helper's report that it rests on
  report_on date,
  report bytea,
  organisation_id uuid references organisations (id),
  by uuid not null references users (id),
  made_at bigint not null
);
create index classifications_by_case on classifications (case_id, since_on, id);
create table protected_notes (
  id uuid primary key,
  case_id uuid not null references cases (id),
  reason bytea not null,
  note bytea not null,
  review_on date not null,
  by uuid not null references users (id),
  made_at bigint not null
);
create index protected_notes_by_case on protected_notes (case_id);
