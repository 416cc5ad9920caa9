create table digests (
  id blob primary key,
  user_id blob not null references users (id),
  area_code text not null references areas (code),
  on_day text not null,
  composed_at integer not null,
  opened_at integer,
  open_count integer not null,
  overdue_count integer not null,
  oldest_days integer not null,
  never_met_count integer not null,
  unassigned_count integer not null,
  postponed_count integer not null,
  -- tried three times in a row and not met
  to_supervisor_count integer not null,
  -- earlier periods that this one stands for, after an outage
  missed integer not null,
  missed_from text,
  missed_to text,
  recalculating integer not null,
  -- of the trail, as it was sworn to then; empty: not yet
  fingerprint text not null
) strict, without rowid;
create unique index digests_one_period on digests (user_id, on_day);
create table digest_rows (
  digest_id blob not null references digests (id),
  rank integer not null,
  case_id blob not null references cases (id),
  kind text not null,
  days_late integer not null,
  officer_id blob,
  primary key (digest_id, rank)
) strict, without rowid;
create table digest_groups (
  digest_id blob not null references digests (id),
  kind text not null,
  rank integer not null,
  key_id blob,
  open_count integer not null,
  overdue_count integer not null,
  oldest_days integer not null,
  postponed_count integer not null,
  never_met_count integer not null,
  unassigned_count integer not null,
  primary key (digest_id, kind, rank)
) strict, without rowid;
