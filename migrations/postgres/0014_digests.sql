create table digests (
  id uuid primary key,
  user_id uuid not null references users (id),
  area_code text collate "C" not null references areas (code),
  on_day date not null,
  composed_at bigint not null,
  opened_at bigint,
  open_count bigint not null,
  overdue_count bigint not null,
  oldest_days bigint not null,
  never_met_count bigint not null,
  unassigned_count bigint not null,
  postponed_count bigint not null,
  -- tried three times in a row and not met
  to_supervisor_count bigint not null,
  -- earlier periods that this one stands for, after an outage
  missed bigint not null,
  missed_from date,
  missed_to date,
  recalculating bigint not null,
  -- of the trail, as it was sworn to then; empty: not yet
  fingerprint text collate "C" not null
);
create unique index digests_one_period on digests (user_id, on_day);
create table digest_rows (
  digest_id uuid not null references digests (id),
  rank bigint not null,
  case_id uuid not null references cases (id),
  kind text collate "C" not null,
  days_late bigint not null,
  officer_id uuid,
  primary key (digest_id, rank)
);
create table digest_groups (
  digest_id uuid not null references digests (id),
  kind text collate "C" not null,
  rank bigint not null,
  key_id uuid,
  open_count bigint not null,
  overdue_count bigint not null,
  oldest_days bigint not null,
  postponed_count bigint not null,
  never_met_count bigint not null,
  unassigned_count bigint not null,
  primary key (digest_id, kind, rank)
);
