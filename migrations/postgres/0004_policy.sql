-- The policy in force: one row. The built-in files fill it once; after that only `policy reload` changes it.
create table policy (
  id bigint primary key,
  version bigint not null,
  model text collate "C" not null,
  policy text collate "C" not null,
  hash text collate "C" not null,
  changed_at bigint not null
);
