-- A way of doing things that a commune tries, and others copy.
create table community_models (
  id uuid primary key,
  area_code text collate "C" not null references areas (code),
  name text collate "C" not null,
  -- ấp, khóm; empty: the whole commune
  hamlet text collate "C" not null,
  about bytea,
  since_on date not null,
  until_on date,
  -- another of this register, or one elsewhere by its name; neither: its own
  copied_from_id uuid references community_models (id),
  copied_from text collate "C" not null,
  people bigint,
  vnd bigint,
  made_by uuid not null references users (id),
  made_at bigint not null,
  version bigint not null
);
create index community_models_by_area on community_models (area_code, since_on);
create index community_models_by_source on community_models (copied_from_id);
-- What came of it, by a day.
create table model_results (
  id uuid primary key,
  model_id uuid not null references community_models (id),
  on_day date not null,
  what bytea not null,
  people bigint,
  vnd bigint,
  by uuid not null references users (id),
  made_at bigint not null
);
create index model_results_by_model on model_results (model_id, on_day);
-- A letter of commendation (giấy khen).
create table commendations (
  id uuid primary key,
  model_id uuid not null references community_models (id),
  to_whom bytea not null,
  by_whom text collate "C" not null,
  number text collate "C" not null,
  on_day date not null,
  by uuid not null references users (id),
  made_at bigint not null
);
create index commendations_by_model on commendations (model_id, on_day);
