-- The secret that a telephone's app makes its codes from, sealed. Until confirmed_at it is only shown, not asked for.
create table totps (
  user_id blob primary key references users (id),
  secret blob not null,
  -- the 30 seconds of the last code that was taken: each works once
  last_step integer not null,
  made_at integer not null,
  confirmed_at integer
) strict, without rowid;
-- Codes on paper, each for one use, known by their SHA-256 (they have 120 bits).
create table recovery_codes (
  hash blob primary key,
  user_id blob not null references users (id),
  made_at integer not null,
  used_at integer
) strict, without rowid;
create index recovery_codes_by_user on recovery_codes (user_id);
-- The public halves of passkeys.
create table passkeys (
  id blob primary key,
  user_id blob not null references users (id),
  public_key blob not null,
  -- what its own counter said last; many passkeys always say 0
  counter integer not null,
  name text not null,
  made_at integer not null,
  used_at integer
) strict, without rowid;
create index passkeys_by_user on passkeys (user_id);
-- Devices on which somebody has signed in: known by the SHA-256 of their cookie, with a small budget of tries of their own.
create table devices (
  hash blob not null,
  user_id blob not null references users (id),
  made_at integer not null,
  seen_at integer not null,
  tries integer not null,
  tries_since integer not null,
  -- wrong passwords one after another; at 100 the device is forgotten
  failures integer not null,
  primary key (hash, user_id)
) strict, without rowid;
create index devices_by_user on devices (user_id);
-- Tries under one sign-in name, whether there is such an account or not, so that the answer does not tell.
create table sign_in_tries (
  name_hash blob primary key,
  failures integer not null,
  failed_at integer not null,
  next_at integer not null
) strict, without rowid;
-- One-time links to set a new password.
create table resets (
  hash blob primary key,
  user_id blob not null references users (id),
  made_by blob references users (id),
  made_at integer not null,
  expires_at integer not null,
  used_at integer
) strict, without rowid;
create index resets_by_user on resets (user_id);
