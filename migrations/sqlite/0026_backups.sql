-- What was done so that nothing is lost: backups made, copies tried, one put back. Words and numbers of the program only.
create table backups (
  id blob primary key,
  kind text not null,
  at integer not null,
  -- 'none': it went well
  why text not null,
  name text not null,
  bytes integer not null,
  millis integer not null,
  by blob references users (id)
) strict, without rowid;
create index backups_by_kind on backups (kind, at);
