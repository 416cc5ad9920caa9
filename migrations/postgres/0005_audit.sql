-- The trail: one row a change, an opening, a search, a sign-in. Each row holds the hash of the row before it, so that
-- none can be changed, taken out, put in or moved without breaking the chain (src/store/chain.rs).
-- A row comes in with a number below zero and without a hash; the sequencer gives it its place in the chain.
create sequence audit_waiting;
create table audit (
  seq bigint primary key default (-nextval('audit_waiting')),
  id uuid not null,
  at bigint not null,
  user_id uuid,
  actor text collate "C" not null,
  -- the id of the session, under which it goes on with another token
  session text collate "C" not null,
  act text collate "C" not null,
  subject text collate "C" not null,
  subject_id text collate "C" not null,
  -- the case that it is about, also if the record is a visit or a task of it
  case_id uuid,
  -- as what the asker was let in: own, shared, office, area, all
  purpose text collate "C" not null,
  outcome text collate "C" not null,
  detail text collate "C" not null,
  policy_version bigint not null,
  request text collate "C" not null,
  prev bytea not null default '',
  hash bytea not null default ''
);
create unique index audit_by_id on audit (id);
create index audit_by_time on audit (at, id);
create index audit_by_subject on audit (subject, subject_id, at);
create index audit_by_user on audit (user_id, at);
create index audit_by_case on audit (case_id, at) where case_id is not null;
create function audit_is_not_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.seq < 0 and new.seq > 0 and
    (old.id, old.at, old.user_id, old.actor, old.session, old.act, old.subject, old.subject_id, old.case_id, old.purpose, old.outcome,
     old.detail, old.policy_version, old.request) is not distinct from
    (new.id, new.at, new.user_id, new.actor, new.session, new.act, new.subject, new.subject_id, new.case_id, new.purpose, new.outcome,
     new.detail, new.policy_version, new.request)
  then
    return new;
  end if;
  raise exception 'a row of the trail is not changed';
end $$;
create trigger audit_is_not_changed before update or delete on audit for each row execute function audit_is_not_changed();
create trigger audit_is_not_emptied before truncate on audit for each statement execute function audit_is_not_changed();
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
