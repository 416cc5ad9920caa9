create table helps (
  id uuid primary key,
  case_id uuid not null references cases (id),
  organisation_id uuid references organisations (id),
  kind text collate "C" not null,
  what bytea not null,
  state text collate "C" not null,
  promised_on date,
  given_on date,
  vnd bigint,
  fund bytea not null,
  by uuid not null references users (id),
  made_at bigint not null,
  version bigint not null
);
create index helps_by_case on helps (case_id);
