-- People: what we keep of each account of Supabase Auth. The account itself (password, sessions) stays in schema `auth`.

-- Nothing new is open to anybody unless its migration says so; by default Supabase opens all of `public` to everybody.
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;

-- What the database API does not show: triggers, helpers of policies, the access-token hook.
create schema private;
grant usage on schema private to authenticated, supabase_auth_admin;

-- Ascending: each may do what those before it may.
create type public.organization_role as enum ('viewer', 'member', 'admin', 'owner');

create table public.people (
  id uuid primary key references auth.users on delete cascade,
  -- As the account has it.
  email text,
  full_name text check (char_length(full_name) between 1 and 200),
  created_at timestamptz not null default now()
);
alter table public.people enable row level security;

-- A refusal as callers see it. The database API answers with that HTTP status; `detail` is the code that programs read.
create function private.refuse(code text, sentence text, status integer) returns void
language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = 'PT' || status, message = sentence, detail = code;
end
$$;

-- Every account is a person. A sign-up never fails for its metadata, which is whatever the person sent.
create function private.follow_account() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.people (id, email, full_name)
  values (new.id, new.email, nullif(btrim(left(new.raw_user_meta_data ->> 'full_name', 200)), ''))
  on conflict (id) do update set email = excluded.email where people.email is distinct from excluded.email;
  return null;
end
$$;

create trigger follow_account after insert or update of email on auth.users
for each row execute function private.follow_account();

insert into public.people (id, email) select id, email from auth.users;
