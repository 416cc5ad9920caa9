-- A case that is handed from one officer to another, or to another commune. Until it is accepted nothing of the case changes.
create table handovers (
  id blob primary key,
  case_id blob not null references cases (id),
  from_area text not null references areas (code),
  to_area text not null references areas (code),
  -- who was in charge when it was sent; nobody: it was unassigned
  from_officer_id blob references users (id),
  -- within a commune whom the head chose; to another commune whom its head named
  to_officer_id blob references users (id),
  state text not null,
  reason blob not null,
  made_by blob not null references users (id),
  made_at integer not null,
  answered_by blob references users (id),
  answered_at integer,
  -- why it was returned or withdrawn
  answer blob,
  -- the one-page sheet, as it was when it was accepted
  sheet blob,
  version integer not null
) strict, without rowid;
create unique index handovers_one_waiting on handovers (case_id) where state = 'waiting';
create index handovers_by_case on handovers (case_id, made_at);
create index handovers_by_giver on handovers (from_area, made_at);
create index handovers_by_taker on handovers (to_area, made_at);
create index handovers_by_officer on handovers (to_officer_id, made_at);
