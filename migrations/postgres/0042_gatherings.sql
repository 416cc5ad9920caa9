-- A meeting: of the commune, or with the family of one person. What it is called, where it is, who leads it and what was
-- written down of it are secrets: they can name somebody.
create table gatherings (
  id uuid primary key,
  area_code text collate "C" not null references areas (code),
  -- with the family of this one; null: of the commune
  case_id uuid references cases (id),
  kind text collate "C" not null,
  title bytea not null,
  on_day date not null,
  -- 08:30; empty: not said
  at_time text collate "C" not null,
  place bytea not null,
  leader bytea not null,
  -- people who are named nowhere: how many were asked, how many came
  outsiders bigint,
  outsiders_came bigint,
  minutes bytea,
  minuted_by uuid references users (id),
  minuted_at bigint,
  cancelled_reason bytea,
  cancelled_by uuid references users (id),
  cancelled_at bigint,
  made_by uuid not null references users (id),
  made_at bigint not null,
  version bigint not null
);
create index gatherings_by_area on gatherings (area_code, on_day);
create index gatherings_by_case on gatherings (case_id);
-- It was put to another day.
create table gathering_moves (
  id uuid primary key,
  gathering_id uuid not null references gatherings (id),
  case_id uuid references cases (id),
  from_on date not null,
  from_time text collate "C" not null,
  to_on date not null,
  to_time text collate "C" not null,
  reason bytea not null,
  by uuid not null references users (id),
  made_at bigint not null
);
create index gathering_moves_by_gathering on gathering_moves (gathering_id);
create index gathering_moves_by_case on gathering_moves (case_id);
-- Somebody who was asked to come: the person of a case, or one of the family. Nobody has to.
create table gathering_guests (
  id uuid primary key,
  gathering_id uuid not null references gatherings (id),
  case_id uuid not null references cases (id),
  relative_id uuid references relatives (id),
  by uuid not null references users (id),
  made_at bigint not null,
  withdrawn_at bigint,
  -- null: nobody has written down whether she came
  came boolean,
  marked_by uuid references users (id),
  marked_at bigint
);
create index gathering_guests_by_gathering on gathering_guests (gathering_id, made_at);
create index gathering_guests_by_case on gathering_guests (case_id, made_at);
-- A body that was asked to send somebody.
create table gathering_parties (
  id uuid primary key,
  gathering_id uuid not null references gatherings (id),
  -- null: the People's Committee
  organisation_id uuid references organisations (id),
  came boolean,
  by uuid not null references users (id),
  made_at bigint not null
);
create index gathering_parties_by_gathering on gathering_parties (gathering_id);
-- What was said: by the person of a case, by one of the family, or by somebody who is named nowhere.
create table opinions (
  id uuid primary key,
  gathering_id uuid not null references gatherings (id),
  case_id uuid references cases (id),
  relative_id uuid references relatives (id),
  text bytea not null,
  -- who owes an answer: officer, organisation, council; null: nobody
  owes text collate "C",
  owes_user_id uuid references users (id),
  organisation_id uuid references organisations (id),
  due_on date,
  -- where it hangs on a case: the task of that case
  follow_up_id uuid references follow_ups (id),
  by uuid not null references users (id),
  made_at bigint not null,
  answer_kind text collate "C",
  answer bytea,
  answered_on date,
  answered_by uuid references users (id),
  version bigint not null
);
create index opinions_by_gathering on opinions (gathering_id, made_at);
create index opinions_by_case on opinions (case_id);
create index opinions_owed on opinions (due_on) where answered_on is null and owes is not null;
