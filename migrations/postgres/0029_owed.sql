-- What waited for the reader of a digest beside the follow-ups of cases.
create table digest_owed (
  digest_id uuid not null references digests (id),
  word text collate "C" not null,
  waiting bigint not null,
  late bigint not null,
  primary key (digest_id, word)
);
insert into digest_owed (digest_id, word, waiting, late)
  select id, 'emergencies', emergencies_count, emergencies_late_count from digests where emergencies_count > 0;
alter table digests drop column emergencies_count;
alter table digests drop column emergencies_late_count;
