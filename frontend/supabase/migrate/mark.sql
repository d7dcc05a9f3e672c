-- All up to this place count as applied, as they are here.
insert into supabase_migrations.schema_migrations (version, name, checksum, applied_at)
select version, name, checksum, now() from wanted where place <= :at
on conflict (version) do update set name = excluded.name, checksum = excluded.checksum;
select 'marked ' || version || '_' || name from wanted where place <= :at order by place;
