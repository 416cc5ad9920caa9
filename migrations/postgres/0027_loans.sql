-- A list of people who want to borrow, made in batches: the commune police sign it, the People's Committee confirms it.
create table loan_lists (
  id uuid primary key,
  area_code text collate "C" not null references areas (code),
  fund_id uuid not null references funds (id),
  -- the number of the paper; empty until it is signed
  number text collate "C" not null,
  state text collate "C" not null,
  made_by uuid not null references users (id),
  made_at bigint not null,
  signed_by uuid references users (id),
  signed_at bigint,
  decided_by uuid references users (id),
  decided_at bigint,
  comment bytea,
  sent_by uuid references users (id),
  sent_at bigint,
  answered_at bigint,
  version bigint not null
);
create unique index loan_lists_one_draft on loan_lists (area_code, fund_id) where state = 'draft';
create index loan_lists_by_area on loan_lists (area_code, made_at);
create table loan_lines (
  id uuid primary key,
  list_id uuid not null references loan_lists (id),
  case_id uuid not null references cases (id),
  purpose text collate "C" not null,
  vnd bigint not null,
  months bigint not null,
  what bytea not null,
  -- what the paper says of the person, as it was when it was signed
  content bytea not null,
  by uuid not null references users (id),
  made_at bigint not null,
  withdrawn_at bigint,
  withdrawn_by uuid references users (id),
  -- the People's Committee did not confirm this one
  struck_at bigint,
  struck_by uuid references users (id),
  answer text collate "C",
  answered_on date,
  answered_by uuid references users (id),
  answer_note bytea,
  version bigint not null
);
create index loan_lines_by_list on loan_lines (list_id);
create index loan_lines_by_case on loan_lines (case_id);
-- What was lent, as the lender reports it. It hangs on the person and not on a case: when a case is sealed the line goes and
-- this stays with the lender alone.
create table loan_accounts (
  id uuid primary key,
  person_id uuid not null references people (id),
  area_code text collate "C" not null references areas (code),
  fund_id uuid not null references funds (id),
  line_id uuid references loan_lines (id),
  vnd bigint not null,
  disbursed_on date not null,
  due_on date,
  repaid_vnd bigint not null,
  standing text collate "C" not null,
  reported_on date not null,
  made_at bigint not null,
  version bigint not null
);
create index loan_accounts_by_area on loan_accounts (area_code, made_at);
create index loan_accounts_by_person on loan_accounts (person_id);
create index loan_accounts_by_line on loan_accounts (line_id);
create table loan_repayments (
  id uuid primary key,
  account_id uuid not null references loan_accounts (id),
  on_day date not null,
  vnd bigint not null,
  standing text collate "C" not null,
  by uuid not null references users (id),
  made_at bigint not null
);
create index loan_repayments_by_account on loan_repayments (account_id);
