-- Has somebody work: as it was seen, from which day on. Nothing is written over.
create table work_statuses (
  id blob primary key,
  case_id blob not null references cases (id),
  status text not null,
  since_on text not null,
  note blob,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index work_statuses_by_case on work_statuses (case_id, since_on, id);
-- What sealed cases were, by half months, so that a report of a past period goes on adding up: no person, no case.
-- `since` and `until` count half months (year * 24 + month * 2 + half); until 0: none.
create table sealed_figures (
  area_code text not null references areas (code),
  measure text not null,
  word text not null,
  since integer not null,
  until integer not null,
  n integer not null,
  vnd integer not null,
  primary key (area_code, measure, word, since, until)
) strict, without rowid;
-- The counts of the communes, for one reader of the province and one week.
create table bulletins (
  id blob primary key,
  user_id blob not null references users (id),
  area_code text not null references areas (code),
  on_day text not null,
  composed_at integer not null,
  opened_at integer,
  missed integer not null,
  missed_from text,
  missed_to text
) strict, without rowid;
create unique index bulletins_one_week on bulletins (user_id, on_day);
create table bulletin_lines (
  bulletin_id blob not null references bulletins (id),
  area_code text not null references areas (code),
  cases integer not null,
  open_count integer not null,
  overdue_count integer not null,
  oldest_days integer not null,
  never_met_count integer not null,
  unassigned_count integer not null,
  headless integer not null,
  unread integer not null,
  primary key (bulletin_id, area_code)
) strict, without rowid;
