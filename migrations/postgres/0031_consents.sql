create table consent_texts (
  id uuid primary key,
  grp text collate "C" not null,
  number bigint not null,
  from_on date not null,
  text_vi text collate "C" not null,
  text_en text collate "C" not null,
  hash bytea not null,
  made_by uuid references users (id),
  made_at bigint not null
);
create unique index consent_texts_number on consent_texts (grp, number);
create table consents (
  id uuid primary key,
  case_id uuid not null references cases (id),
  person_id uuid not null references people (id),
  grp text collate "C" not null,
  organisation_id uuid references organisations (id),
  text_id uuid not null references consent_texts (id),
  text_hash bytea not null,
  how text collate "C" not null,
  given_on date not null,
  paper bytea,
  made_by uuid not null references users (id),
  made_at bigint not null,
  withdrawn_at bigint,
  withdrawn_by uuid references users (id),
  withdrawal bytea,
  version bigint not null
);
create index consents_by_case on consents (case_id);
create index consents_by_person on consents (person_id);
