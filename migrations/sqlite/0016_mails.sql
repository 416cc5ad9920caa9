create table mails (
  id blob primary key,
  user_id blob not null references users (id),
  address blob not null,
  subject blob not null,
  body blob not null,
  message_id text not null,
  made_at integer not null,
  next_at integer not null,
  attempts integer not null,
  sent_at integer,
  dead_at integer,
  last_error text not null
) strict, without rowid;
create index mails_waiting on mails (next_at) where sent_at is null and dead_at is null;
create index mails_dead on mails (dead_at, id) where dead_at is not null;
