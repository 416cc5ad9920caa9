-- Two records that may be one person's. Found when a case was opened; whoever opened it was told nothing of those that she
-- may not see.
create table possible_doubles (
  id blob primary key,
  -- the case that was opened, and the one that was there
  case_id blob not null references cases (id),
  other_id blob not null references cases (id),
  -- what agrees: words
  why text not null,
  state text not null,
  found_at integer not null,
  settled_by blob references users (id),
  settled_at integer,
  -- the heads of the two communes, each of her own side
  case_agreed_by blob references users (id),
  other_agreed_by blob references users (id),
  version integer not null
) strict, without rowid;
create unique index possible_doubles_pair on possible_doubles (case_id, other_id);
create index possible_doubles_by_other on possible_doubles (other_id);
create index possible_doubles_by_found on possible_doubles (found_at, id);
create index people_by_birth_year on people (birth_year);
