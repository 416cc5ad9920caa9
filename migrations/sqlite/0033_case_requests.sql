-- The province asks for one case, by its exact code and with a paper. Kept whether there is such a case or not.
create table case_requests (
  id blob primary key,
  code text not null,
  -- nobody's: no such case
  case_id blob references cases (id),
  document_no blob not null,
  reason blob not null,
  until_on text not null,
  state text not null,
  asked_by blob not null references users (id),
  asked_at integer not null,
  decided_by blob references users (id),
  decided_at integer,
  answer blob,
  ended_by blob references users (id),
  ended_at integer,
  version integer not null
) strict, without rowid;
create index case_requests_by_case on case_requests (case_id);
create index case_requests_by_asker on case_requests (asked_by, asked_at);
create index case_requests_in_force on case_requests (asked_by, case_id) where state = 'approved';
