-- Something that is urgent: told to the heads of the commune at once, and waiting until one of them has answered or it is met.
create table urgencies (
  id blob primary key,
  case_id blob not null references cases (id),
  -- what was found in an area of the person's life, or what somebody of her family needs
  need_id blob references needs (id),
  area text,
  home_need_id blob references home_needs (id),
  raised_by blob not null references users (id),
  raised_at integer not null,
  answered_by blob references users (id),
  answered_at integer,
  answer blob,
  met_at integer,
  version integer not null
) strict, without rowid;
create index urgencies_by_case on urgencies (case_id);
create index urgencies_by_time on urgencies (raised_at, id);
-- Each set of questions once: from which day it is asked, and by whom it was entered (null: with the program).
create table question_sets (
  version integer primary key,
  valid_from text not null,
  made_by blob references users (id),
  made_at integer not null
) strict, without rowid;
insert into question_sets (version, valid_from, made_at) select version, min(valid_from), 0 from questions group by version;
