-- Who may not see a person ('exclusion'), or who alone may ('only'). Made on one case, it holds for all of hers.
create table restrictions (
  id blob primary key,
  case_id blob not null references cases (id),
  person_id blob not null references people (id),
  kind text not null,
  reason blob not null,
  made_by blob not null references users (id),
  made_at integer not null,
  ended_at integer,
  ended_by blob references users (id),
  ended_reason blob,
  version integer not null
) strict, without rowid;
create index restrictions_by_case on restrictions (case_id);
-- What every wall asks.
create index restrictions_in_force on restrictions (person_id, kind, id) where ended_at is null;
create table restriction_users (
  restriction_id blob not null references restrictions (id),
  user_id blob not null references users (id),
  primary key (restriction_id, user_id)
) strict, without rowid;
create index restriction_users_by_user on restriction_users (user_id, restriction_id);
