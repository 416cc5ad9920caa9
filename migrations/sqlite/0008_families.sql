create table relatives (
  id blob primary key,
  case_id blob not null references cases (id),
  name blob not null,
  relation blob not null,
  phone blob,
  needs blob not null,
  made_by blob not null references users (id),
  made_at integer not null,
  ended_at integer,
  consented_on text,
  consented_how text,
  shares integer not null default 0,
  withdrawn_at integer,
  version integer not null
) strict, without rowid;
create index relatives_by_case on relatives (case_id);
