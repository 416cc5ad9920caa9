create table visits (
  id uuid primary key,
  case_id uuid not null references cases (id),
  on_day date not null,
  kind text collate "C" not null,
  met boolean not null,
  by uuid not null references users (id),
  -- the visitor was in charge or covering on that day
  in_charge boolean not null,
  organisation_id uuid references organisations (id),
  shared_note bytea,
  next_on date,
  logged_at bigint not null,
  withdrawn_at bigint,
  withdrawn_by uuid,
  withdrawn_reason bytea,
  version bigint not null
);
create index visits_by_case on visits (case_id, on_day, id);
-- The officer's own note: a sensitive part.
create table visit_notes (
  visit_id uuid primary key references visits (id),
  case_id uuid not null references cases (id),
  note bytea not null
);
