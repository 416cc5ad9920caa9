create table mails (
  id uuid primary key,
  user_id uuid not null references users (id),
  address bytea not null,
  subject bytea not null,
  body bytea not null,
  message_id text collate "C" not null,
  made_at bigint not null,
  next_at bigint not null,
  attempts bigint not null,
  sent_at bigint,
  dead_at bigint,
  last_error text collate "C" not null
);
create index mails_waiting on mails (next_at) where sent_at is null and dead_at is null;
create index mails_dead on mails (dead_at, id) where dead_at is not null;
