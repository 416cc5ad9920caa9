-- A file that is put with a case. Its bytes lie beside the database, sealed, under the hash of what lies there; the key that
-- opens them is here, sealed under the key of the person.
create table attachments (
  id uuid primary key,
  case_id uuid not null references cases (id),
  kind text collate "C" not null,
  media text collate "C" not null,
  bytes bigint not null,
  name bytea not null,
  note bytea,
  file_hash text collate "C" not null,
  -- gone when the file was taken out: nothing opens it any more
  file_key bytea,
  by uuid not null references users (id),
  organisation_id uuid references organisations (id),
  made_at bigint not null,
  removed_at bigint,
  removed_by uuid references users (id),
  removed_reason bytea,
  version bigint not null
);
create index attachments_by_case on attachments (case_id, made_at);
create index attachments_by_file on attachments (file_hash);
create index attachments_by_user on attachments (by, made_at);
