-- What ran: one row for each job and period, whoever ran it.
create table jobs (
  id blob primary key,
  kind text not null,
  key text not null,
  -- for whom; null: for the office
  user_id blob,
  due_at integer not null,
  lease_until integer,
  worker text,
  attempts integer not null,
  done_at integer,
  outcome text not null
) strict, without rowid;
create unique index jobs_once on jobs (kind, key);
create index jobs_waiting on jobs (due_at) where done_at is null;
create index jobs_by_kind on jobs (kind, due_at);
create index jobs_by_user on jobs (user_id, kind, due_at);
