-- What was put right in a case: field by field, what stood there and what stands there since. Nothing is overwritten unseen.
create table corrections (
  id blob primary key,
  case_id blob not null references cases (id),
  -- the part of the case, as the acts know it: who may see the part may see what was put right in it
  part text not null,
  field text not null,
  before blob not null,
  after blob not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index corrections_by_case on corrections (case_id, made_at, id);
