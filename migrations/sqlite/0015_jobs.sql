-- What ran: one row for each job and period, whoever ran it.
create table jobs (
  id blob primary key,
  kind text not null,
  key text not null,
  due_at integer not null,
  lease_until integer,
  worker text,
  attempts integer not null,
  done_at integer,
  outcome text not null
) strict, without rowid;
create unique index jobs_once on jobs (kind, key);
create index jobs_waiting on jobs (due_at) where done_at is null;
