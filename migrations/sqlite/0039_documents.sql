-- What a paper of each kind looks like: version 1 is built in, an admin puts later ones beside it, each from a day on.
create table document_templates (
  id blob primary key,
  kind text not null,
  version integer not null,
  valid_from text not null,
  body text not null,
  made_by blob not null references users (id),
  made_at integer not null
) strict, without rowid;
create unique index document_templates_version on document_templates (kind, version);
-- The last number that a commune has given to a paper of a kind in a year.
create table document_series (
  area_code text not null references areas (code),
  kind text not null,
  year integer not null,
  last integer not null,
  primary key (area_code, kind, year)
) strict, without rowid;
-- A paper that was issued. It hangs on a case, or on the commune alone (a list, a report).
create table documents (
  id blob primary key,
  area_code text not null references areas (code),
  case_id blob references cases (id),
  kind text not null,
  year integer not null,
  number integer not null,
  on_day text not null,
  template_version integer not null,
  template_hash text not null,
  -- SHA-256 of the whole text; sealed, for whoever has it can try numbers against it
  hash blob not null,
  -- the sensitive parts that stand on it
  parts text not null,
  -- the text as it was issued; the rows of a list stand beside it, each under the key of its own person
  body blob not null,
  by blob not null references users (id),
  made_at integer not null,
  printings integer not null,
  withdrawn_at integer,
  withdrawn_by blob references users (id),
  withdrawn_reason blob,
  -- the paper that took its place
  replaced_by blob,
  version integer not null
) strict, without rowid;
create unique index documents_number on documents (area_code, kind, year, number);
create index documents_by_case on documents (case_id, made_at);
create index documents_by_area on documents (area_code, made_at);
create table document_rows (
  id blob primary key,
  document_id blob not null references documents (id),
  rank integer not null,
  case_id blob not null references cases (id),
  cells blob not null
) strict, without rowid;
create index document_rows_by_document on document_rows (document_id, rank);
create index document_rows_by_case on document_rows (case_id);
-- Each time that it went to the printer: the first is the original, every later one a copy.
create table document_printings (
  id blob primary key,
  document_id blob not null references documents (id),
  copy integer not null,
  by blob not null references users (id),
  at integer not null
) strict, without rowid;
create unique index document_printings_copy on document_printings (document_id, copy);
