-- What was put right in a case: field by field, what stood there and what stands there since. Nothing is overwritten unseen.
create table corrections (
  id uuid primary key,
  case_id uuid not null references cases (id),
  -- the part of the case, as the acts know it: who may see the part may see what was put right in it
  part text collate "C" not null,
  field text collate "C" not null,
  before bytea not null,
  after bytea not null,
  by uuid not null references users (id),
  made_at bigint not null
);
create index corrections_by_case on corrections (case_id, made_at, id);
