create table referrals (
  id uuid primary key,
  case_id uuid not null references cases (id),
  organisation_id uuid not null references organisations (id),
  purpose text collate "C" not null,
  needs bytea not null,
  basis text collate "C" not null,
  basis_ref bytea not null,
  from_on date not null,
  to_on date,
  ended_at bigint,
  ended_by uuid,
  ended_reason bytea,
  made_by uuid not null references users (id),
  made_at bigint not null,
  version bigint not null
);
create index referrals_by_case on referrals (case_id);
create index referrals_by_organisation on referrals (organisation_id);
create table referral_helpers (
  referral_id uuid not null references referrals (id),
  user_id uuid not null references users (id),
  primary key (referral_id, user_id)
);
create index referral_helpers_by_user on referral_helpers (user_id, referral_id);
