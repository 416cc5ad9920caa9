-- Filters of the list of cases that somebody keeps: words of our own and ids, nothing that was typed.
create table kept_filters (
  id uuid primary key,
  user_id uuid not null references users (id),
  address text collate "C" not null,
  made_at bigint not null
);
create unique index kept_filters_by_user on kept_filters (user_id, address);
