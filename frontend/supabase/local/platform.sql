-- What a Supabase project holds before our first migration: its roles, what they get by default, its schema `auth`.
-- Run by a superuser into a database; may be run again. Real projects have all of this: there, this file is not used.
\set QUIET on
set client_min_messages = warning;
\ir roles.sql
\ir auth.sql

-- Whoever owns the database may create in `public`, as in a real project.
select format('alter database %I owner to postgres', current_database()) \gexec

-- Everything that is made in `public` is open to all three roles unless a migration takes that away.
grant usage on schema public to anon, authenticated, service_role;
alter default privileges for role postgres in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges for role postgres in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges for role postgres in schema public grant all on sequences to anon, authenticated, service_role;
