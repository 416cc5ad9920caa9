create table visits (
  id blob primary key,
  case_id blob not null references cases (id),
  on_day text not null,
  kind text not null,
  met integer not null,
  by blob not null references users (id),
  -- the visitor was in charge or covering on that day
  in_charge integer not null,
  organisation_id blob references organisations (id),
  shared_note blob,
  next_on text,
  logged_at integer not null,
  withdrawn_at integer,
  withdrawn_by blob,
  withdrawn_reason blob,
  version integer not null
) strict, without rowid;
create index visits_by_case on visits (case_id, on_day, id);
-- The officer's own note: a sensitive part.
create table visit_notes (
  visit_id blob primary key references visits (id),
  case_id blob not null references cases (id),
  note blob not null
) strict, without rowid;
