-- Judgments as the date engine of clearance needs them; a part of what the act `sentence.see` opens.
create table judgments (
  id uuid primary key,
  case_id uuid not null references cases (id),
  terms bytea not null,
  by uuid not null references users (id),
  made_at bigint not null,
  changed_at bigint not null
);
create index judgments_by_case on judgments (case_id, made_at);
-- A case that was sealed after its record was cleared: by which paper, by whom, and who opened it again.
create table sealings (
  id uuid primary key,
  case_id uuid not null references cases (id),
  code text collate "C" not null,
  paper text collate "C" not null,
  paper_on date not null,
  paper_no bytea not null,
  -- how the person's consent to go on being helped was recorded; empty: none
  consent bytea not null,
  sealed_at bigint not null,
  sealed_by uuid not null references users (id),
  reason bytea,
  asked_by uuid references users (id),
  asked_at bigint,
  ended_at bigint,
  ended_by uuid references users (id),
  version bigint not null
);
create unique index sealings_code on sealings (code);
create unique index sealings_in_force on sealings (case_id) where ended_at is null;
-- What sealed cases were, in figures: no person, no case.
create table sealed_counts (
  area_code text collate "C" not null references areas (code),
  year bigint not null,
  measure text collate "C" not null,
  word text collate "C" not null,
  n bigint not null,
  primary key (area_code, year, measure, word)
);
