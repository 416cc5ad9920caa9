-- A file that is put with a case. Its bytes lie beside the database, sealed, under the hash of what lies there; the key that
-- opens them is here, sealed under the key of the person.
create table attachments (
  id blob primary key,
  case_id blob not null references cases (id),
  kind text not null,
  media text not null,
  bytes integer not null,
  name blob not null,
  note blob,
  file_hash text not null,
  -- gone when the file was taken out: nothing opens it any more
  file_key blob,
  by blob not null references users (id),
  organisation_id blob references organisations (id),
  made_at integer not null,
  removed_at integer,
  removed_by blob references users (id),
  removed_reason blob,
  version integer not null
) strict, without rowid;
create index attachments_by_case on attachments (case_id, made_at);
create index attachments_by_file on attachments (file_hash);
create index attachments_by_user on attachments (by, made_at);
