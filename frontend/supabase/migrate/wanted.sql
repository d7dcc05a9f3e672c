-- Which migrations there are (the script fills it), and which were applied: Supabase's own tool may have done so, which
-- keeps no checksums.
set client_min_messages = warning;
create temporary table wanted (place integer primary key, version text unique, name text, checksum text);
select to_regclass('supabase_migrations.schema_migrations') is null as none \gset
\if :none
create temporary table applied (version text, name text, checksum text, applied_at text);
\else
create temporary view applied as
  select version, name, to_jsonb(it) ->> 'checksum' as checksum, to_jsonb(it) ->> 'applied_at' as applied_at
  from supabase_migrations.schema_migrations it;
\endif
