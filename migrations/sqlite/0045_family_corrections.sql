-- What was put right in a household or in a child's record: what stood there and what stands there since. Beside `corrections`,
-- because what stands here is of others: the file of a person leaves it out.
create table family_corrections (
  id blob primary key,
  case_id blob not null references cases (id),
  household_id blob references households (id),
  child_id blob references children (id),
  field text not null,
  before blob not null,
  after blob not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index family_corrections_by_case on family_corrections (case_id, made_at, id);
