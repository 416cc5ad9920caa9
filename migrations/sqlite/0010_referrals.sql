create table referrals (
  id blob primary key,
  case_id blob not null references cases (id),
  organisation_id blob not null references organisations (id),
  purpose text not null,
  needs blob not null,
  basis text not null,
  basis_ref blob not null,
  from_on text not null,
  to_on text,
  ended_at integer,
  ended_by blob,
  ended_reason blob,
  made_by blob not null references users (id),
  made_at integer not null,
  version integer not null
) strict, without rowid;
create index referrals_by_case on referrals (case_id);
create index referrals_by_organisation on referrals (organisation_id);
create table referral_helpers (
  referral_id blob not null references referrals (id),
  user_id blob not null references users (id),
  primary key (referral_id, user_id)
) strict, without rowid;
create index referral_helpers_by_user on referral_helpers (user_id, referral_id);
