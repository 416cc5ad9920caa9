-- One row: under which root key new keys are wrapped.
create table keyring (
  id bigint primary key,
  current_root bigint not null
);
-- The root keys that something here is still wrapped under; the proof tells a wrong one.
create table root_keys (
  version bigint primary key,
  proof bytea not null
);
-- One data key for each person. What is deleted here can be read nowhere any more.
create table person_keys (
  person_id uuid primary key,
  wrapped bytea not null,
  root_version bigint not null
);
-- Keys that are nobody's: of the outbox, of the marks by which a number is found.
create table office_keys (
  name text collate "C" primary key,
  wrapped bytea not null,
  root_version bigint not null
);
