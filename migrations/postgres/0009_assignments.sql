create table assignments (
  id uuid primary key,
  case_id uuid not null references cases (id),
  officer_id uuid not null references users (id),
  from_on date not null,
  to_on date,
  reason bytea,
  made_by uuid not null,
  made_at bigint not null
);
create index assignments_by_case on assignments (case_id, from_on);
create index assignments_by_officer on assignments (officer_id, to_on);
create unique index assignments_one_open on assignments (case_id) where to_on is null;
-- Leave: another officer stands in, first and last day included.
create table covers (
  id uuid primary key,
  officer_id uuid not null references users (id),
  cover_id uuid not null references users (id),
  from_on date not null,
  to_on date not null,
  made_by uuid not null,
  made_at bigint not null,
  ended_at bigint
);
create index covers_by_cover on covers (cover_id, to_on);
