-- What the program has sworn to: so many rows of the trail, the last with this hash. Signed; also written to a file
-- outside the database.
create table checkpoints (
  number bigint primary key,
  at bigint not null,
  seq bigint not null,
  head bytea not null,
  rows bigint not null,
  signer bytea not null,
  signature bytea not null
);
create index checkpoints_by_seq on checkpoints (seq);
-- The half-yearly look at all accounts: who may sign in, as what, and whether that is still right.
create table reviews (
  id uuid primary key,
  number bigint not null,
  begun_at bigint not null,
  begun_by uuid not null references users (id),
  signed_at bigint,
  signed_by uuid references users (id),
  note bytea,
  version bigint not null
);
create unique index reviews_by_number on reviews (number);
create table review_lines (
  review_id uuid not null references reviews (id),
  user_id uuid not null references users (id),
  role text collate "C" not null,
  area_code text collate "C" not null,
  disabled boolean not null,
  last_sign_in_at bigint,
  verdict text collate "C",
  note bytea,
  by uuid references users (id),
  at bigint,
  primary key (review_id, user_id)
);
