create table users (
  id uuid primary key,
  username text collate "C" not null,
  name text collate "C" not null,
  name_key bytea not null,
  role text collate "C" not null,
  area_code text collate "C" not null references areas (code),
  organisation_id uuid references organisations (id),
  email text collate "C",
  password text collate "C" not null,
  must_change boolean not null,
  -- made by `demo`: signs in on the loopback address only
  demo boolean not null,
  lang text collate "C" not null,
  -- when a supervisor wants her digest: daily or weekly
  digest_rhythm text collate "C" not null,
  disabled_at bigint,
  -- when the password was set; when its holder last signed in
  password_at bigint not null,
  used_at bigint,
  created_at bigint not null,
  version bigint not null
);
create unique index users_username on users (username);
create index users_by_area on users (area_code, role);
create index users_by_organisation on users (organisation_id);
-- A session is known by the SHA-256 of its token; the token itself is only in the browser.
create table sessions (
  token bytea primary key,
  -- how its holder names it when she ends it from another device
  id uuid not null,
  user_id uuid not null references users (id),
  kind text collate "C" not null,
  created_at bigint not null,
  seen_at bigint not null,
  -- when its holder last proved who she is: at sign-in, or before a grave act
  proved_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  -- whole; or half: the password was right, and a second factor is still to be given (code) or to be set up (enrol)
  stage text collate "C" not null,
  -- was a second factor given
  factor boolean not null,
  -- from where, as its holder is shown it
  address text collate "C" not null,
  agent text collate "C" not null,
  -- what a passkey must sign next
  challenge bytea
);
create index sessions_by_user on sessions (user_id);
create unique index sessions_by_id on sessions (id);
