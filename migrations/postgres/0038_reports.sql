-- Has somebody work: as it was seen, from which day on. Nothing is written over.
create table work_statuses (
  id uuid primary key,
  case_id uuid not null references cases (id),
  status text collate "C" not null,
  since_on date not null,
  note bytea,
  by uuid not null references users (id),
  made_at bigint not null
);
create index work_statuses_by_case on work_statuses (case_id, since_on, id);
-- What sealed cases were, by half months, so that a report of a past period goes on adding up: no person, no case.
-- `since` and `until` count half months (year * 24 + month * 2 + half); until 0: none.
create table sealed_figures (
  area_code text collate "C" not null references areas (code),
  measure text collate "C" not null,
  word text collate "C" not null,
  since bigint not null,
  until bigint not null,
  n bigint not null,
  vnd bigint not null,
  primary key (area_code, measure, word, since, until)
);
-- The counts of the communes, for one reader of the province and one week.
create table bulletins (
  id uuid primary key,
  user_id uuid not null references users (id),
  area_code text collate "C" not null references areas (code),
  on_day date not null,
  composed_at bigint not null,
  opened_at bigint,
  missed bigint not null,
  missed_from date,
  missed_to date
);
create unique index bulletins_one_week on bulletins (user_id, on_day);
create table bulletin_lines (
  bulletin_id uuid not null references bulletins (id),
  area_code text collate "C" not null references areas (code),
  cases bigint not null,
  open_count bigint not null,
  overdue_count bigint not null,
  oldest_days bigint not null,
  never_met_count bigint not null,
  unassigned_count bigint not null,
  headless boolean not null,
  unread boolean not null,
  primary key (bulletin_id, area_code)
);
