-- What was put right in a household or in a child's record: what stood there and what stands there since. Beside `corrections`,
-- because what stands here is of others: the file of a person leaves it out.
create table family_corrections (
  id uuid primary key,
  case_id uuid not null references cases (id),
  household_id uuid references households (id),
  child_id uuid references children (id),
  field text collate "C" not null,
  before bytea not null,
  after bytea not null,
  by uuid not null references users (id),
  made_at bigint not null
);
create index family_corrections_by_case on family_corrections (case_id, made_at, id);
