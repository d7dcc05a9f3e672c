-- Invitations. The link that is mailed holds a token, which only its hash is kept of; it works once, for a week, for
-- whoever has confirmed the address that it was sent to.

create table public.organization_invites (
  id uuid primary key default gen_random_uuid(),
  organization text not null references public.organizations,
  email text not null check (email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and char_length(email) <= 254),
  -- Owners are made of members.
  role public.organization_role not null check (role <> 'owner'),
  token_hash bytea not null unique,
  invited_by uuid references public.people on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '7 days',
  accepted_at timestamptz,
  accepted_by uuid references public.people on delete set null,
  revoked_at timestamptz,
  check (accepted_at is null or revoked_at is null)
);
-- One that can be accepted for an address at a time.
create unique index organization_invites_open on public.organization_invites (organization, email)
  where accepted_at is null and revoked_at is null;
create index organization_invites_of_organization on public.organization_invites (organization, created_at);
alter table public.organization_invites enable row level security;

create function private.invite_hash(token text) returns bytea
language sql immutable strict set search_path = '' as $$ select sha256(convert_to(token, 'UTF8')) $$;

create function private.invite_state(invite public.organization_invites) returns text
language sql stable set search_path = '' as $$
  select case
    when invite.accepted_at is not null then 'accepted'
    when invite.revoked_at is not null then 'revoked'
    when invite.expires_at <= now() then 'expired'
    else 'open'
  end
$$;

-- Invites an address. The token is in this answer and nowhere else. An earlier invitation of that address ends.
create function public.create_invite(organization text, email text, role public.organization_role)
returns table (invite uuid, token text, expires_at timestamptz)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  place public.organizations;
  address text := lower(btrim(create_invite.email));
  secret text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
  perform private.require_role(create_invite.organization, 'owner');
  place := private.lock_organization(create_invite.organization);
  -- Again, now that nobody else changes members.
  perform private.require_role(place.slug, 'owner');
  perform private.check_invite(place, address, create_invite.role);
  update public.organization_invites i set revoked_at = now()
  where i.organization = place.slug and i.email = address and i.accepted_at is null and i.revoked_at is null;
  return query
    insert into public.organization_invites as i (organization, email, role, token_hash, invited_by)
    values (place.slug, address, create_invite.role, private.invite_hash(secret), auth.uid())
    returning i.id, secret, i.expires_at;
end
$$;

create function private.check_invite(place public.organizations, address text, role public.organization_role) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if address is null or address !~ '^[^@[:space:]]+@[^@[:space:]]+$' or char_length(address) > 254 then
    perform private.refuse('invalid_email', 'That is no e-mail address.', 422);
  elsif role is null or role = 'owner' then
    perform private.refuse('invalid_role', 'Invite as viewer, member or admin; an owner can make a member an owner.', 422);
  elsif exists (
    select from public.organization_members m join public.people p on p.id = m.person
    where m.organization = place.slug and lower(p.email) = address
  ) then
    perform private.refuse('already_member', format('%s is a member already.', address), 409);
  elsif (select count(*) from public.organization_members m where m.organization = place.slug)
    + (select count(*) from public.organization_invites i where i.organization = place.slug
       and i.email <> address and private.invite_state(i) = 'open') >= place.seat_limit
  then
    perform private.refuse('seats_taken', format(
      'All %s seats of %s are taken or promised: remove somebody, revoke an invitation or choose a larger plan.',
      place.seat_limit, place.name), 409);
  end if;
end
$$;

create function public.revoke_invite(invite uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  place text := (select organization from public.organization_invites where id = invite);
begin
  if place is null or place not in (select private.my_organizations('viewer')) then
    perform private.refuse('not_found', 'There is no such invitation.', 404);
  end if;
  perform private.lock_organization(place);
  perform private.require_role(place, 'owner');
  update public.organization_invites set revoked_at = now() where id = invite and accepted_at is null and revoked_at is null;
end
$$;

-- What an invitation is for, to be shown before it is accepted.
create function public.preview_invite(token text)
returns table (organization text, name text, role public.organization_role, email text, state text)
language sql stable security definer set search_path = '' as $$
  select o.slug, o.name, i.role, i.email, private.invite_state(i)
  from public.organization_invites i join public.organizations o on o.slug = i.organization
  where i.token_hash = private.invite_hash(token)
$$;

-- Makes whoever asks a member, and says of what. The same person may repeat a call whose answer was lost.
create function public.accept_invite(token text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  hash bytea := private.invite_hash(token);
  invite public.organization_invites;
begin
  -- The organization first, as everywhere: two who lock in different orders would wait for each other.
  perform private.lock_organization((select organization from public.organization_invites where token_hash = hash));
  select * into invite from public.organization_invites where token_hash = hash for update;
  if invite.accepted_by = auth.uid() and invite.organization in (select private.my_organizations('viewer')) then
    return invite.organization;
  end if;
  perform private.check_acceptance(invite);
  update public.organization_invites set accepted_at = now(), accepted_by = auth.uid() where id = invite.id;
  insert into public.organization_members (person, organization, role) values (auth.uid(), invite.organization, invite.role);
  return invite.organization;
end
$$;

create function private.check_acceptance(invite public.organization_invites) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if invite.id is null then
    perform private.refuse('not_found', 'There is no such invitation.', 404);
  elsif private.invite_state(invite) <> 'open' then
    perform private.refuse('invite_' || private.invite_state(invite),
      format('This invitation is %s: ask for another one.', private.invite_state(invite)), 409);
  elsif not exists (
    select from auth.users u where u.id = auth.uid() and lower(u.email) = invite.email and u.email_confirmed_at is not null
  ) then
    perform private.refuse('invite_of_another',
      'This invitation was sent to another e-mail address: sign in with that one, and confirm it.', 403);
  elsif invite.organization in (select private.my_organizations('viewer')) then
    perform private.refuse('already_member', 'You are a member already.', 409);
  end if;
end
$$;

grant execute on function public.create_invite, public.revoke_invite, public.preview_invite, public.accept_invite to authenticated;
