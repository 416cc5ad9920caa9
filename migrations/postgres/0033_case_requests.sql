-- The province asks for one case, by its exact code and with a paper. Kept whether there is such a case or not.
create table case_requests (
  id uuid primary key,
  code text collate "C" not null,
  -- nobody's: no such case
  case_id uuid references cases (id),
  document_no bytea not null,
  reason bytea not null,
  until_on date not null,
  state text collate "C" not null,
  asked_by uuid not null references users (id),
  asked_at bigint not null,
  decided_by uuid references users (id),
  decided_at bigint,
  answer bytea,
  ended_by uuid references users (id),
  ended_at bigint,
  version bigint not null
);
create index case_requests_by_case on case_requests (case_id);
create index case_requests_by_asker on case_requests (asked_by, asked_at);
create index case_requests_in_force on case_requests (asked_by, case_id) where state = 'approved';
