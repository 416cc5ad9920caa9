-- A list of people who want to borrow, made in batches: the commune police sign it, the People's Committee confirms it.
create table loan_lists (
  id blob primary key,
  area_code text not null references areas (code),
  fund_id blob not null references funds (id),
  -- the number of the paper; empty until it is signed
  number text not null,
  state text not null,
  made_by blob not null references users (id),
  made_at integer not null,
  signed_by blob references users (id),
  signed_at integer,
  decided_by blob references users (id),
  decided_at integer,
  comment blob,
  sent_by blob references users (id),
  sent_at integer,
  answered_at integer,
  version integer not null
) strict, without rowid;
create unique index loan_lists_one_draft on loan_lists (area_code, fund_id) where state = 'draft';
create index loan_lists_by_area on loan_lists (area_code, made_at);
create table loan_lines (
  id blob primary key,
  list_id blob not null references loan_lists (id),
  case_id blob not null references cases (id),
  purpose text not null,
  vnd integer not null,
  months integer not null,
  what blob not null,
  -- what the paper says of the person, as it was when it was signed
  content blob not null,
  by blob not null references users (id),
  made_at integer not null,
  withdrawn_at integer,
  withdrawn_by blob references users (id),
  -- the People's Committee did not confirm this one
  struck_at integer,
  struck_by blob references users (id),
  answer text,
  answered_on text,
  answered_by blob references users (id),
  answer_note blob,
  version integer not null
) strict, without rowid;
create index loan_lines_by_list on loan_lines (list_id);
create index loan_lines_by_case on loan_lines (case_id);
-- What was lent, as the lender reports it. It hangs on the person and not on a case: when a case is sealed the line goes and
-- this stays with the lender alone.
create table loan_accounts (
  id blob primary key,
  person_id blob not null references people (id),
  area_code text not null references areas (code),
  fund_id blob not null references funds (id),
  line_id blob references loan_lines (id),
  vnd integer not null,
  disbursed_on text not null,
  due_on text,
  repaid_vnd integer not null,
  standing text not null,
  reported_on text not null,
  made_at integer not null,
  version integer not null
) strict, without rowid;
create index loan_accounts_by_area on loan_accounts (area_code, made_at);
create index loan_accounts_by_person on loan_accounts (person_id);
create index loan_accounts_by_line on loan_accounts (line_id);
create table loan_repayments (
  id blob primary key,
  account_id blob not null references loan_accounts (id),
  on_day text not null,
  vnd integer not null,
  standing text not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index loan_repayments_by_account on loan_repayments (account_id);
