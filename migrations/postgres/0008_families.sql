create table relatives (
  id uuid primary key,
  case_id uuid not null references cases (id),
  name bytea not null,
  relation bytea not null,
  phone bytea,
  needs bytea not null,
  made_by uuid not null references users (id),
  made_at bigint not null,
  ended_at bigint,
  consented_on date,
  consented_how text collate "C",
  shares boolean not null default false,
  withdrawn_at bigint,
  version bigint not null
);
create index relatives_by_case on relatives (case_id);
