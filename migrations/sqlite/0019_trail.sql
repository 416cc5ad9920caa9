-- What the program has sworn to: so many rows of the trail, the last with this hash. Signed; also written to a file
-- outside the database.
create table checkpoints (
  number integer primary key,
  at integer not null,
  seq integer not null,
  head blob not null,
  rows integer not null,
  signer blob not null,
  signature blob not null
) strict, without rowid;
create index checkpoints_by_seq on checkpoints (seq);
-- The half-yearly look at all accounts: who may sign in, as what, and whether that is still right.
create table reviews (
  id blob primary key,
  number integer not null,
  begun_at integer not null,
  begun_by blob not null references users (id),
  signed_at integer,
  signed_by blob references users (id),
  note blob,
  version integer not null
) strict, without rowid;
create unique index reviews_by_number on reviews (number);
create table review_lines (
  review_id blob not null references reviews (id),
  user_id blob not null references users (id),
  role text not null,
  area_code text not null,
  disabled integer not null,
  last_sign_in_at integer,
  verdict text,
  note blob,
  by blob references users (id),
  at integer,
  primary key (review_id, user_id)
) strict, without rowid;
