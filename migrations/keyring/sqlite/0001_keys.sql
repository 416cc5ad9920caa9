-- One row: under which root key new keys are wrapped.
create table keyring (
  id integer primary key,
  current_root integer not null
) strict, without rowid;
-- The root keys that something here is still wrapped under; the proof tells a wrong one.
create table root_keys (
  version integer primary key,
  proof blob not null
) strict, without rowid;
-- One data key for each person. What is deleted here can be read nowhere any more.
create table person_keys (
  person_id blob primary key,
  wrapped blob not null,
  root_version integer not null
) strict, without rowid;
-- Keys that are nobody's: of the outbox, of the marks by which a number is found.
create table office_keys (
  name text primary key,
  wrapped blob not null,
  root_version integer not null
) strict, without rowid;
