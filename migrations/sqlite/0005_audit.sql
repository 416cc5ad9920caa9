create table audit (
  id blob primary key,
  at integer not null,
  user_id blob,
  actor text not null,
  act text not null,
  subject text not null,
  subject_id text not null,
  outcome text not null,
  detail text not null,
  policy_version integer not null
) strict, without rowid;
create index audit_by_time on audit (at, id);
create index audit_by_subject on audit (subject, subject_id, at);
create index audit_by_user on audit (user_id, at);
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
