-- Inside the transaction of the migration, whatever role it ended as.
reset role;
insert into supabase_migrations.schema_migrations (version, name, checksum, applied_at)
select version, name, checksum, now() from wanted where place = :at
on conflict (version) do update set name = excluded.name, checksum = excluded.checksum, applied_at = excluded.applied_at;
