-- The trail: one row a change, an opening, a search, a sign-in. Each row holds the hash of the row before it, so that
-- none can be changed, taken out, put in or moved without breaking the chain (src/store/chain.rs).
create table audit (
  seq integer primary key,
  id blob not null,
  at integer not null,
  user_id blob,
  actor text not null,
  -- the id of the session, under which it goes on with another token
  session text not null,
  act text not null,
  subject text not null,
  subject_id text not null,
  -- the case that it is about, also if the record is a visit or a task of it
  case_id blob,
  -- as what the asker was let in: own, shared, office, area, all
  purpose text not null,
  outcome text not null,
  detail text not null,
  policy_version integer not null,
  request text not null,
  prev blob not null,
  hash blob not null
) strict;
create unique index audit_by_id on audit (id);
create index audit_by_time on audit (at, id);
create index audit_by_subject on audit (subject, subject_id, at);
create index audit_by_user on audit (user_id, at);
create index audit_by_case on audit (case_id, at) where case_id is not null;
create trigger audit_is_not_changed before update on audit begin
  select raise(abort, 'a row of the trail is not changed');
end;
create trigger audit_is_not_deleted before delete on audit begin
  select raise(abort, 'a row of the trail is not deleted');
end;
-- What a key answered, so that a request sent twice is done once. No body is kept.
create table idempotency (
  user_id blob not null,
  key blob not null,
  route text not null,
  hash blob not null,
  new_id blob,
  at integer not null,
  primary key (user_id, key)
) strict, without rowid;
create index idempotency_by_time on idempotency (at);
