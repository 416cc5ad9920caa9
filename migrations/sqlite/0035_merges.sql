-- Two records of one person were joined: her cases hang on the one that is kept. What was taken from the other, and what
-- stood there before, is kept so that it can be undone. The other's own rows and key stay where they are.
create table merges (
  id blob primary key,
  double_id blob not null references possible_doubles (id),
  kept_id blob not null references people (id),
  gone_id blob not null references people (id),
  before blob not null,
  made_by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create unique index merges_of_double on merges (double_id);
create index merges_by_kept on merges (kept_id);
create index merges_by_gone on merges (gone_id);
create table merge_moves (
  merge_id blob not null references merges (id),
  tab text not null,
  row_id blob not null,
  primary key (merge_id, tab, row_id)
) strict, without rowid;
