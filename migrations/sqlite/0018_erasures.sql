-- What was asked to be erased, by whom, and who agreed. It holds ids only; the reason goes with the person.
create table erasures (
  id blob primary key,
  case_id blob not null,
  person_id blob not null,
  reason blob not null,
  asked_by blob not null references users (id),
  asked_at integer not null,
  approved_by blob references users (id),
  approved_at integer,
  -- rows, key and logs of the database are gone, and the list of the erased knows it
  done_at integer
) strict, without rowid;
create index erasures_by_case on erasures (case_id);
create index erasures_under_way on erasures (approved_at) where done_at is null;
