-- What ran: one row for each job and period, whoever ran it.
create table jobs (
  id uuid primary key,
  kind text collate "C" not null,
  key text collate "C" not null,
  -- for whom; null: for the office
  user_id uuid,
  due_at bigint not null,
  lease_until bigint,
  worker text collate "C",
  attempts bigint not null,
  done_at bigint,
  outcome text collate "C" not null
);
create unique index jobs_once on jobs (kind, key);
create index jobs_waiting on jobs (due_at) where done_at is null;
create index jobs_by_kind on jobs (kind, due_at);
create index jobs_by_user on jobs (user_id, kind, due_at);
