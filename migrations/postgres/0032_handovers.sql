-- A case that is handed from one officer to another, or to another commune. Until it is accepted nothing of the case changes.
create table handovers (
  id uuid primary key,
  case_id uuid not null references cases (id),
  from_area text collate "C" not null references areas (code),
  to_area text collate "C" not null references areas (code),
  -- who was in charge when it was sent; nobody: it was unassigned
  from_officer_id uuid references users (id),
  -- within a commune whom the head chose; to another commune whom its head named
  to_officer_id uuid references users (id),
  state text collate "C" not null,
  reason bytea not null,
  made_by uuid not null references users (id),
  made_at bigint not null,
  answered_by uuid references users (id),
  answered_at bigint,
  -- why it was returned or withdrawn
  answer bytea,
  -- the one-page sheet, as it was when it was accepted
  sheet bytea,
  version bigint not null
);
create unique index handovers_one_waiting on handovers (case_id) where state = 'waiting';
create index handovers_by_case on handovers (case_id, made_at);
create index handovers_by_giver on handovers (from_area, made_at);
create index handovers_by_taker on handovers (to_area, made_at);
create index handovers_by_officer on handovers (to_officer_id, made_at);
