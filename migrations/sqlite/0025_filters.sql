-- Filters of the list of cases that somebody keeps: words of our own and ids, nothing that was typed.
create table kept_filters (
  id blob primary key,
  user_id blob not null references users (id),
  address text not null,
  made_at integer not null
) strict, without rowid;
create unique index kept_filters_by_user on kept_filters (user_id, address);
