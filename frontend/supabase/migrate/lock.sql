-- One runner at a time: the next one waits, and then finds the work done.
select not pg_try_advisory_lock(hashtext('convergence migrations')) as busy \gset
\if :busy
\warn migrate: another runner is at work; waiting for it, ten minutes at most
set lock_timeout = '10min';
\set VERBOSITY terse
select from pg_advisory_lock(hashtext('convergence migrations'));
\set VERBOSITY default
\endif
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
alter table supabase_migrations.schema_migrations
  add column if not exists checksum text, add column if not exists applied_at timestamptz;
select relkind = 'v' as seen from pg_class where oid = 'pg_temp.applied'::regclass \gset
\if :seen
drop view pg_temp.applied;
\else
drop table pg_temp.applied;
\endif
create temporary view applied as select * from supabase_migrations.schema_migrations;
