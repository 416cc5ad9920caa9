create table consent_texts (
  id blob primary key,
  grp text not null,
  number integer not null,
  from_on text not null,
  text_vi text not null,
  text_en text not null,
  hash blob not null,
  made_by blob references users (id),
  made_at integer not null
) strict, without rowid;
create unique index consent_texts_number on consent_texts (grp, number);
create table consents (
  id blob primary key,
  case_id blob not null references cases (id),
  person_id blob not null references people (id),
  grp text not null,
  organisation_id blob references organisations (id),
  text_id blob not null references consent_texts (id),
  text_hash blob not null,
  how text not null,
  given_on text not null,
  paper blob,
  made_by blob not null references users (id),
  made_at integer not null,
  withdrawn_at integer,
  withdrawn_by blob references users (id),
  withdrawal blob,
  version integer not null
) strict, without rowid;
create index consents_by_case on consents (case_id);
create index consents_by_person on consents (person_id);
