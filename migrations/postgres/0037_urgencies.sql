-- Something that is urgent: told to the heads of the commune at once, and waiting until one of them has answered or it is met.
create table urgencies (
  id uuid primary key,
  case_id uuid not null references cases (id),
  -- what was found in an area of the person's life, or what somebody of her family needs
  need_id uuid references needs (id),
  area text collate "C",
  home_need_id uuid references home_needs (id),
  raised_by uuid not null references users (id),
  raised_at bigint not null,
  answered_by uuid references users (id),
  answered_at bigint,
  answer bytea,
  met_at bigint,
  version bigint not null
);
create index urgencies_by_case on urgencies (case_id);
create index urgencies_by_time on urgencies (raised_at, id);
-- Each set of questions once: from which day it is asked, and by whom it was entered (null: with the program).
create table question_sets (
  version bigint primary key,
  valid_from date not null,
  made_by uuid references users (id),
  made_at bigint not null
);
insert into question_sets (version, valid_from, made_at) select version, min(valid_from), 0 from questions group by version;
