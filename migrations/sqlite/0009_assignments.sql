create table assignments (
  id blob primary key,
  case_id blob not null references cases (id),
  officer_id blob not null references users (id),
  from_on text not null,
  to_on text,
  reason blob,
  made_by blob not null,
  made_at integer not null
) strict, without rowid;
create index assignments_by_case on assignments (case_id, from_on);
create index assignments_by_officer on assignments (officer_id, to_on);
create unique index assignments_one_open on assignments (case_id) where to_on is null;
-- Leave: another officer stands in, first and last day included.
create table covers (
  id blob primary key,
  officer_id blob not null references users (id),
  cover_id blob not null references users (id),
  from_on text not null,
  to_on text not null,
  made_by blob not null,
  made_at integer not null,
  ended_at integer
) strict, without rowid;
create index covers_by_cover on covers (cover_id, to_on);
