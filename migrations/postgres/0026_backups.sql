-- What was done so that nothing is lost: backups made, copies tried, one put back. Words and numbers of the program only.
create table backups (
  id uuid primary key,
  kind text collate "C" not null,
  at bigint not null,
  -- 'none': it went well
  why text collate "C" not null,
  name text collate "C" not null,
  bytes bigint not null,
  millis bigint not null,
  by uuid references users (id)
);
create index backups_by_kind on backups (kind, at);
