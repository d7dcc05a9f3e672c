-- What the console's server does with the secret key, after the API decided: it writes down a new organization with its
-- owner, and mirrors what the plan allows. May be run again.

-- Writes down what the API says of an organization, unless something newer stands here. Says whether it did.
create or replace function public.mirror_organization(
  slug text, version bigint, name text, plan text, status text, seat_limit integer
) returns boolean
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
begin
  update public.organizations o
  set mirror_version = mirror_organization.version, name = mirror_organization.name, plan = mirror_organization.plan,
    status = mirror_organization.status, seat_limit = mirror_organization.seat_limit
  where o.slug = lower(mirror_organization.slug) and o.mirror_version < mirror_organization.version;
  if found then
    return true;
  elsif not exists (select from public.organizations o where o.slug = lower(mirror_organization.slug)) then
    perform private.refuse('not_found', 'There is no such organization.', 404);
  end if;
  return false;
end
$$;

-- Writes down an organization that the API made for this person, and makes them its owner, in one transaction. The same
-- call again changes nothing, not even for a founder who has left since.
create or replace function public.register_organization(
  slug text, founder uuid, version bigint, name text, plan text, status text, seat_limit integer
) returns text
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  place text := lower(register_organization.slug);
begin
  insert into public.organizations (slug, founder, mirror_version, name, plan, status, seat_limit)
  values (place, register_organization.founder, register_organization.version, register_organization.name,
    register_organization.plan, register_organization.status, register_organization.seat_limit)
  on conflict (slug) do nothing;
  if found then
    insert into public.organization_members (person, organization, role) values (register_organization.founder, place, 'owner');
  elsif not exists (select from public.organizations o where o.slug = place and o.founder = register_organization.founder) then
    perform private.refuse('organization_exists', 'Another organization has this slug.', 409);
  end if;
  return place;
end
$$;

grant execute on function public.mirror_organization, public.register_organization to service_role;
