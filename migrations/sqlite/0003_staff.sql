create table users (
  id blob primary key,
  username text not null,
  name text not null,
  name_key blob not null,
  role text not null,
  area_code text not null references areas (code),
  organisation_id blob references organisations (id),
  email text,
  password text not null,
  must_change integer not null,
  -- made by `demo`: signs in on the loopback address only
  demo integer not null,
  lang text not null,
  -- when a supervisor wants her digest: daily or weekly
  digest_rhythm text not null,
  disabled_at integer,
  -- when the password was set; when its holder last signed in
  password_at integer not null,
  used_at integer,
  created_at integer not null,
  version integer not null
) strict, without rowid;
create unique index users_username on users (username);
create index users_by_area on users (area_code, role);
create index users_by_organisation on users (organisation_id);
-- A session is known by the SHA-256 of its token; the token itself is only in the browser.
create table sessions (
  token blob primary key,
  -- how its holder names it when she ends it from another device
  id blob not null,
  user_id blob not null references users (id),
  kind text not null,
  created_at integer not null,
  seen_at integer not null,
  -- when its holder last proved who she is: at sign-in, or before a grave act
  proved_at integer not null,
  expires_at integer not null,
  ended_at integer,
  -- whole; or half: the password was right, and a second factor is still to be given (code) or to be set up (enrol)
  stage text not null,
  -- was a second factor given
  factor integer not null,
  -- from where, as its holder is shown it
  address text not null,
  agent text not null,
  -- what a passkey must sign next
  challenge blob
) strict, without rowid;
create index sessions_by_user on sessions (user_id);
create unique index sessions_by_id on sessions (id);
