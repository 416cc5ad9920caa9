-- The policy in force: one row. The built-in files fill it once; after that only `policy reload` changes it.
create table policy (
  id integer primary key,
  version integer not null,
  model text not null,
  policy text not null,
  hash text not null,
  changed_at integer not null
) strict, without rowid;
