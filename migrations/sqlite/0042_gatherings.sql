-- A meeting: of the commune, or with the family of one person. What it is called, where it is, who leads it and what was
-- written down of it are secrets: they can name somebody.
create table gatherings (
  id blob primary key,
  area_code text not null references areas (code),
  -- with the family of this one; null: of the commune
  case_id blob references cases (id),
  kind text not null,
  title blob not null,
  on_day text not null,
  -- 08:30; empty: not said
  at_time text not null,
  place blob not null,
  leader blob not null,
  -- people who are named nowhere: how many were asked, how many came
  outsiders integer,
  outsiders_came integer,
  minutes blob,
  minuted_by blob references users (id),
  minuted_at integer,
  cancelled_reason blob,
  cancelled_by blob references users (id),
  cancelled_at integer,
  made_by blob not null references users (id),
  made_at integer not null,
  version integer not null
) strict, without rowid;
create index gatherings_by_area on gatherings (area_code, on_day);
create index gatherings_by_case on gatherings (case_id);
-- It was put to another day.
create table gathering_moves (
  id blob primary key,
  gathering_id blob not null references gatherings (id),
  case_id blob references cases (id),
  from_on text not null,
  from_time text not null,
  to_on text not null,
  to_time text not null,
  reason blob not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index gathering_moves_by_gathering on gathering_moves (gathering_id);
create index gathering_moves_by_case on gathering_moves (case_id);
-- Somebody who was asked to come: the person of a case, or one of the family. Nobody has to.
create table gathering_guests (
  id blob primary key,
  gathering_id blob not null references gatherings (id),
  case_id blob not null references cases (id),
  relative_id blob references relatives (id),
  by blob not null references users (id),
  made_at integer not null,
  withdrawn_at integer,
  -- null: nobody has written down whether she came
  came integer,
  marked_by blob references users (id),
  marked_at integer
) strict, without rowid;
create index gathering_guests_by_gathering on gathering_guests (gathering_id, made_at);
create index gathering_guests_by_case on gathering_guests (case_id, made_at);
-- A body that was asked to send somebody.
create table gathering_parties (
  id blob primary key,
  gathering_id blob not null references gatherings (id),
  -- null: the People's Committee
  organisation_id blob references organisations (id),
  came integer,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index gathering_parties_by_gathering on gathering_parties (gathering_id);
-- What was said: by the person of a case, by one of the family, or by somebody who is named nowhere.
create table opinions (
  id blob primary key,
  gathering_id blob not null references gatherings (id),
  case_id blob references cases (id),
  relative_id blob references relatives (id),
  text blob not null,
  -- who owes an answer: officer, organisation, council; null: nobody
  owes text,
  owes_user_id blob references users (id),
  organisation_id blob references organisations (id),
  due_on text,
  -- where it hangs on a case: the task of that case
  follow_up_id blob references follow_ups (id),
  by blob not null references users (id),
  made_at integer not null,
  answer_kind text,
  answer blob,
  answered_on text,
  answered_by blob references users (id),
  version integer not null
) strict, without rowid;
create index opinions_by_gathering on opinions (gathering_id, made_at);
create index opinions_by_case on opinions (case_id);
create index opinions_owed on opinions (due_on) where answered_on is null and owes is not null;
