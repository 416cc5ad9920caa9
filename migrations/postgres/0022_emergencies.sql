-- A record opened in an emergency: by whom, why, until when; and tries on a code that opened nothing (no case).
create table emergencies (
  id uuid primary key,
  user_id uuid not null references users (id),
  -- as it was typed, in the shape of a code
  code text collate "C" not null,
  case_id uuid references cases (id),
  -- a try that an exclusion stopped: nothing was opened, and whoever tried is told no more than of a wrong code
  shut_case_id uuid references cases (id),
  kind text collate "C" not null,
  reason bytea not null,
  -- a restriction stood against her
  restricted boolean not null,
  opened_at bigint not null,
  ends_at bigint not null,
  acknowledged_at bigint,
  acknowledged_by uuid references users (id),
  acknowledged_note bytea,
  version bigint not null
);
-- What every wall with the near `glass` asks, and how often somebody tried.
create index emergencies_by_user on emergencies (user_id, ends_at);
create index emergencies_by_case on emergencies (case_id);
create index emergencies_waiting on emergencies (opened_at, id) where acknowledged_at is null;
-- Who was told, and waits for nothing but her word.
create table emergency_readers (
  emergency_id uuid not null references emergencies (id),
  user_id uuid not null references users (id),
  primary key (emergency_id, user_id)
);
create index emergency_readers_by_user on emergency_readers (user_id, emergency_id);
alter table digests add column emergencies_count bigint not null default 0;
alter table digests add column emergencies_late_count bigint not null default 0;
