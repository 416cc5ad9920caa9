-- Judgments as the date engine of clearance needs them; a part of what the act `sentence.see` opens.
create table judgments (
  id blob primary key,
  case_id blob not null references cases (id),
  terms blob not null,
  by blob not null references users (id),
  made_at integer not null,
  changed_at integer not null
) strict, without rowid;
create index judgments_by_case on judgments (case_id, made_at);
-- A case that was sealed after its record was cleared: by which paper, by whom, and who opened it again.
create table sealings (
  id blob primary key,
  case_id blob not null references cases (id),
  code text not null,
  paper text not null,
  paper_on text not null,
  paper_no blob not null,
  -- how the person's consent to go on being helped was recorded; empty: none
  consent blob not null,
  sealed_at integer not null,
  sealed_by blob not null references users (id),
  reason blob,
  asked_by blob references users (id),
  asked_at integer,
  ended_at integer,
  ended_by blob references users (id),
  version integer not null
) strict, without rowid;
create unique index sealings_code on sealings (code);
create unique index sealings_in_force on sealings (case_id) where ended_at is null;
-- What sealed cases were, in figures: no person, no case.
create table sealed_counts (
  area_code text not null references areas (code),
  year integer not null,
  measure text not null,
  word text not null,
  n integer not null,
  primary key (area_code, year, measure, word)
) strict, without rowid;
