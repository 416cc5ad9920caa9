create table helps (
  id blob primary key,
  case_id blob not null references cases (id),
  organisation_id blob references organisations (id),
  kind text not null,
  what blob not null,
  state text not null,
  promised_on text,
  given_on text,
  vnd integer,
  fund blob not null,
  by blob not null references users (id),
  made_at integer not null,
  version integer not null
) strict, without rowid;
create index helps_by_case on helps (case_id);
