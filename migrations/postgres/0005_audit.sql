create table audit (
  id uuid primary key,
  at bigint not null,
  user_id uuid,
  actor text collate "C" not null,
  act text collate "C" not null,
  subject text collate "C" not null,
  subject_id text collate "C" not null,
  outcome text collate "C" not null,
  detail text collate "C" not null,
  policy_version bigint not null
);
create index audit_by_time on audit (at, id);
create index audit_by_subject on audit (subject, subject_id, at);
create index audit_by_user on audit (user_id, at);
-- What a key answered, so that a request sent twice is done once. No body is kept.
create table idempotency (
  user_id uuid not null,
  key uuid not null,
  route text collate "C" not null,
  hash bytea not null,
  new_id uuid,
  at bigint not null,
  primary key (user_id, key)
);
create index idempotency_by_time on idempotency (at);
