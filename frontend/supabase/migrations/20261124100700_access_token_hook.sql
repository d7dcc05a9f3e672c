-- What Supabase Auth calls whenever it issues an access token: it puts into `app_metadata` where the person is what, and
-- replaces whatever stood there under these names.
--
--   organizations           {"<slug, lowercase>": "viewer" | "member" | "admin" | "owner"}, at most 50
--   organizations_complete  false where there are more: then only the active one is in `organizations`
--   active_organization     slug or null: the one the person chose, else the first by name
--   email_confirmed         whether the address of the claim `email` is confirmed
--
-- A token lives at most 900 seconds, so that who was removed is out by then: other tokens are refused.
--
-- It reads by primary keys whatever the statistics say: right after a load there are none.
--
-- It runs with the rights of its caller, as Supabase advises, and only Supabase Auth may call it. Time-out: 2 seconds.
create or replace function private.access_token_hook(event jsonb) returns jsonb
language plpgsql stable set search_path = '' set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
  most constant integer := 50;
  longest constant integer := 900;
  who constant uuid := (event ->> 'user_id')::uuid;
  claims jsonb := event -> 'claims';
  roles jsonb;
  many boolean;
  active text;
  confirmed boolean;
begin
  if (claims ->> 'exp')::bigint - (claims ->> 'iat')::bigint > longest then
    return jsonb_build_object('error', jsonb_build_object('http_code', 500,
      'message', format('Access tokens must live at most %s seconds: set the JWT expiry to that.', longest)));
  end if;
  select coalesce(jsonb_object_agg(m.organization, m.role), '{}'), count(*) > most, min(m.organization) into roles, many, active
  from (
    select organization, role from public.organization_members where person = who order by organization limit most + 1
  ) m;
  select coalesce(p.active_organization, active) into active from public.people p where p.id = who;
  if many then
    select jsonb_build_object(m.organization, m.role) into roles
    from public.organization_members m where m.person = who and m.organization = active;
  end if;
  select u.email_confirmed_at is not null into confirmed from auth.users u where u.id = who;
  return jsonb_build_object('claims', claims || jsonb_build_object('app_metadata',
    coalesce(nullif(claims -> 'app_metadata', 'null'), '{}') || jsonb_build_object(
      'organizations', roles,
      'organizations_complete', not many,
      'active_organization', active,
      'email_confirmed', coalesce(confirmed, false))));
end
$$;

grant execute on function private.access_token_hook to supabase_auth_admin;
grant select on public.people, public.organization_members to supabase_auth_admin;
drop policy if exists read_for_tokens on public.people;
create policy read_for_tokens on public.people for select to supabase_auth_admin using (true);
drop policy if exists read_for_tokens on public.organization_members;
create policy read_for_tokens on public.organization_members for select to supabase_auth_admin using (true);
