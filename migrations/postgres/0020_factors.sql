-- The secret that a telephone's app makes its codes from, sealed. Until confirmed_at it is only shown, not asked for.
create table totps (
  user_id uuid primary key references users (id),
  secret bytea not null,
  -- the 30 seconds of the last code that was taken: each works once
  last_step bigint not null,
  made_at bigint not null,
  confirmed_at bigint
);
-- Codes on paper, each for one use, known by their SHA-256 (they have 120 bits).
create table recovery_codes (
  hash bytea primary key,
  user_id uuid not null references users (id),
  made_at bigint not null,
  used_at bigint
);
create index recovery_codes_by_user on recovery_codes (user_id);
-- The public halves of passkeys.
create table passkeys (
  id bytea primary key,
  user_id uuid not null references users (id),
  public_key bytea not null,
  -- what its own counter said last; many passkeys always say 0
  counter bigint not null,
  name text collate "C" not null,
  made_at bigint not null,
  used_at bigint
);
create index passkeys_by_user on passkeys (user_id);
-- Devices on which somebody has signed in: known by the SHA-256 of their cookie, with a small budget of tries of their own.
create table devices (
  hash bytea not null,
  user_id uuid not null references users (id),
  made_at bigint not null,
  seen_at bigint not null,
  tries bigint not null,
  tries_since bigint not null,
  -- wrong passwords one after another; at 100 the device is forgotten
  failures bigint not null,
  primary key (hash, user_id)
);
create index devices_by_user on devices (user_id);
-- Tries under one sign-in name, whether there is such an account or not, so that the answer does not tell.
create table sign_in_tries (
  name_hash bytea primary key,
  failures bigint not null,
  failed_at bigint not null,
  next_at bigint not null
);
-- One-time links to set a new password.
create table resets (
  hash bytea primary key,
  user_id uuid not null references users (id),
  made_by uuid references users (id),
  made_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create index resets_by_user on resets (user_id);
