-- A way of doing things that a commune tries, and others copy.
create table community_models (
  id blob primary key,
  area_code text not null references areas (code),
  name text not null,
  -- ấp, khóm; empty: the whole commune
  hamlet text not null,
  about blob,
  since_on text not null,
  until_on text,
  -- another of this register, or one elsewhere by its name; neither: its own
  copied_from_id blob references community_models (id),
  copied_from text not null,
  people integer,
  vnd integer,
  made_by blob not null references users (id),
  made_at integer not null,
  version integer not null
) strict, without rowid;
create index community_models_by_area on community_models (area_code, since_on);
create index community_models_by_source on community_models (copied_from_id);
-- What came of it, by a day.
create table model_results (
  id blob primary key,
  model_id blob not null references community_models (id),
  on_day text not null,
  what blob not null,
  people integer,
  vnd integer,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index model_results_by_model on model_results (model_id, on_day);
-- A letter of commendation (giấy khen).
create table commendations (
  id blob primary key,
  model_id blob not null references community_models (id),
  to_whom blob not null,
  by_whom text not null,
  number text not null,
  on_day text not null,
  by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create index commendations_by_model on commendations (model_id, on_day);
