-- What was asked to be erased, by whom, and who agreed. It holds ids only; the reason goes with the person.
create table erasures (
  id uuid primary key,
  case_id uuid not null,
  person_id uuid not null,
  reason bytea not null,
  asked_by uuid not null references users (id),
  asked_at bigint not null,
  approved_by uuid references users (id),
  approved_at bigint,
  -- rows, key and logs of the database are gone, and the list of the erased knows it
  done_at bigint
);
create index erasures_by_case on erasures (case_id);
create index erasures_under_way on erasures (approved_at) where done_at is null;
