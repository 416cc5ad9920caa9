-- What a paper of each kind looks like: version 1 is built in, an admin puts later ones beside it, each from a day on.
create table document_templates (
  id uuid primary key,
  kind text collate "C" not null,
  version bigint not null,
  valid_from date not null,
  body text collate "C" not null,
  made_by uuid not null references users (id),
  made_at bigint not null
);
create unique index document_templates_version on document_templates (kind, version);
-- The last number that a commune has given to a paper of a kind in a year.
create table document_series (
  area_code text collate "C" not null references areas (code),
  kind text collate "C" not null,
  year bigint not null,
  last bigint not null,
  primary key (area_code, kind, year)
);
-- A paper that was issued. It hangs on a case, or on the commune alone (a list, a report).
create table documents (
  id uuid primary key,
  area_code text collate "C" not null references areas (code),
  case_id uuid references cases (id),
  kind text collate "C" not null,
  year bigint not null,
  number bigint not null,
  on_day date not null,
  template_version bigint not null,
  template_hash text collate "C" not null,
  -- SHA-256 of the whole text; sealed, for whoever has it can try numbers against it
  hash bytea not null,
  -- the sensitive parts that stand on it
  parts text collate "C" not null,
  -- the text as it was issued; the rows of a list stand beside it, each under the key of its own person
  body bytea not null,
  by uuid not null references users (id),
  made_at bigint not null,
  printings bigint not null,
  withdrawn_at bigint,
  withdrawn_by uuid references users (id),
  withdrawn_reason bytea,
  -- the paper that took its place
  replaced_by uuid,
  version bigint not null
);
create unique index documents_number on documents (area_code, kind, year, number);
create index documents_by_case on documents (case_id, made_at);
create index documents_by_area on documents (area_code, made_at);
create table document_rows (
  id uuid primary key,
  document_id uuid not null references documents (id),
  rank bigint not null,
  case_id uuid not null references cases (id),
  cells bytea not null
);
create index document_rows_by_document on document_rows (document_id, rank);
create index document_rows_by_case on document_rows (case_id);
-- Each time that it went to the printer: the first is the original, every later one a copy.
create table document_printings (
  id uuid primary key,
  document_id uuid not null references documents (id),
  copy bigint not null,
  by uuid not null references users (id),
  at bigint not null
);
create unique index document_printings_copy on document_printings (document_id, copy);
