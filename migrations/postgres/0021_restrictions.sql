-- Who may not see a person ('exclusion'), or who alone may ('only'). Made on one case, it holds for all of hers.
create table restrictions (
  id uuid primary key,
  case_id uuid not null references cases (id),
  person_id uuid not null references people (id),
  kind text collate "C" not null,
  reason bytea not null,
  made_by uuid not null references users (id),
  made_at bigint not null,
  ended_at bigint,
  ended_by uuid references users (id),
  ended_reason bytea,
  version bigint not null
);
create index restrictions_by_case on restrictions (case_id);
-- What every wall asks.
create index restrictions_in_force on restrictions (person_id, kind, id) where ended_at is null;
create table restriction_users (
  restriction_id uuid not null references restrictions (id),
  user_id uuid not null references users (id),
  primary key (restriction_id, user_id)
);
create index restriction_users_by_user on restriction_users (user_id, restriction_id);
