-- Every change of people, members, invitations and limits, written by triggers in the same transaction, whoever makes the
-- change and from where. Nobody can write, change or remove an entry otherwise.

create table public.people_audit (
  id bigint generated always as identity primary key,
  recorded_at timestamptz not null default clock_timestamp(),
  -- Null for what concerns a person alone.
  organization text,
  action text not null,
  -- person: with their own access token; service: with the secret key; database: neither.
  actor_kind text not null check (actor_kind in ('person', 'service', 'database')),
  actor uuid,
  actor_email text,
  address text,
  -- Whom it is about. Entries outlive people: nothing here refers to another table.
  person uuid,
  email text,
  details jsonb not null default '{}'
);
create index people_audit_of_organization on public.people_audit (organization, id);
create index people_audit_of_person on public.people_audit (person, id) where organization is null;
alter table public.people_audit enable row level security;

-- Where the request came from, as the database API or the console's server says it.
create function private.request_address() returns text
language plpgsql stable set search_path = '' as $$
begin
  return current_setting('request.headers', true)::json ->> 'x-forwarded-for';
exception when invalid_text_representation then
  return null;
end
$$;

create function private.audit(organization text, action text, person uuid, email text, details jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  kind text := case auth.role() when 'authenticated' then 'person' when 'service_role' then 'service' else 'database' end;
begin
  insert into public.people_audit (organization, action, actor_kind, actor, actor_email, address, person, email, details)
  values (organization, action, kind, auth.uid(), (select p.email from public.people p where p.id = auth.uid()),
    private.request_address(), person, email, details);
end
$$;

create function private.audit_members() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  whose uuid := coalesce(new.person, old.person);
  address text := (select p.email from public.people p where p.id = whose);
begin
  if tg_op = 'INSERT' then
    perform private.audit(new.organization, 'member.added', whose, address, jsonb_build_object('role', new.role));
  elsif tg_op = 'DELETE' then
    perform private.audit(old.organization, 'member.removed', whose, address, jsonb_build_object('role', old.role));
  elsif new.role <> old.role then
    perform private.audit(new.organization, 'member.role_changed', whose, address,
      jsonb_build_object('role', new.role, 'before', old.role));
  end if;
  return null;
end
$$;

create function private.audit_invites() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  it public.organization_invites := coalesce(new, old);
  action text := case
    when tg_op = 'INSERT' then 'created'
    when tg_op = 'DELETE' then 'deleted'
    when new.accepted_at is not null and old.accepted_at is null then 'accepted'
    when new.revoked_at is not null and old.revoked_at is null then 'revoked'
    when (new.email, new.role, new.expires_at, new.token_hash) is distinct from (old.email, old.role, old.expires_at, old.token_hash)
      then 'changed'
  end;
begin
  if action is not null then
    perform private.audit(it.organization, 'invite.' || action, it.accepted_by, it.email,
      jsonb_build_object('invite', it.id, 'role', it.role, 'expires_at', it.expires_at));
  end if;
  return null;
end
$$;

create function private.audit_organizations() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - '{people_version,created_at,slug}'::text[] end;
  before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - '{people_version,created_at,slug}'::text[] end;
begin
  if tg_op = 'INSERT' then
    perform private.audit(new.slug, 'organization.registered', new.founder, null, after);
  elsif tg_op = 'DELETE' then
    perform private.audit(old.slug, 'organization.deleted', null, null, before);
  elsif after <> before then
    perform private.audit(new.slug, 'organization.changed', null, null, after || jsonb_build_object('before', before));
  end if;
  return null;
end
$$;

create function private.audit_people() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    perform private.audit(null, 'person.added', new.id, new.email, '{}');
  elsif tg_op = 'DELETE' then
    perform private.audit(null, 'person.deleted', old.id, old.email, '{}');
  elsif (new.email, new.full_name) is distinct from (old.email, old.full_name) then
    perform private.audit(null, 'person.changed', new.id, new.email, jsonb_build_object(
      'full_name', new.full_name, 'before', jsonb_build_object('email', old.email, 'full_name', old.full_name)));
  end if;
  return null;
end
$$;

create function private.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception '% of % is refused: it would leave no trace', tg_op, tg_table_name;
end
$$;

-- Always: also where replication would leave triggers out.
do $$
declare
  source record;
begin
  for source in select * from (values
    ('people', 'audit_people'), ('organizations', 'audit_organizations'),
    ('organization_members', 'audit_members'), ('organization_invites', 'audit_invites')
  ) as it (name, writer)
  loop
    execute format('create trigger audit after insert or update or delete on public.%I
      for each row execute function private.%I()', source.name, source.writer);
    execute format('create trigger no_truncate before truncate on public.%I
      for each statement execute function private.refuse_change()', source.name);
    execute format('alter table public.%I enable always trigger audit, enable always trigger no_truncate', source.name);
  end loop;
end
$$;

create trigger append_only before update or delete on public.people_audit
for each row execute function private.refuse_change();
create trigger no_truncate before truncate on public.people_audit
for each statement execute function private.refuse_change();
alter table public.people_audit enable always trigger append_only, enable always trigger no_truncate;
