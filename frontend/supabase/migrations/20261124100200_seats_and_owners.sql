-- What holds of members whoever changes them: seats are not exceeded, an organization keeps an owner.

-- Ends the statement unless whoever asks is at least this. Another's organization does not exist for them.
create function private.require_role(slug text, at_least public.organization_role) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  mine public.organization_role;
begin
  select role into mine from public.organization_members where person = auth.uid() and organization = slug;
  if mine is null then
    perform private.refuse('not_found', 'There is no such organization.', 404);
  elsif mine operator(pg_catalog.<) at_least then
    perform private.refuse('forbidden', format('At least %s may do this.', at_least), 403);
  end if;
end
$$;

-- Updating the organization's row makes changes of its members come one after the other at every isolation level: under
-- READ COMMITTED the later one waits and sees the earlier, under stricter ones it fails.
create function private.lock_organization(affected text) returns public.organizations
language plpgsql security definer set search_path = '' as $$
declare
  found_row public.organizations;
begin
  update public.organizations set people_version = people_version + 1 where slug = affected returning * into found_row;
  return found_row;
end
$$;

create function private.refuse_without_seat(organization public.organizations) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if (select count(*) from public.organization_members m where m.organization = refuse_without_seat.organization.slug)
    >= organization.seat_limit
  then
    perform private.refuse('seats_taken',
      format('All %s seats of %s are taken: remove somebody or choose a larger plan.', organization.seat_limit, organization.name), 409);
  end if;
end
$$;

create function private.guard_members() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  affected public.organizations := private.lock_organization(coalesce(new.organization, old.organization));
begin
  if tg_op = 'INSERT' then
    perform private.refuse_without_seat(affected);
    return new;
  end if;
  if old.role = 'owner' and (tg_op = 'DELETE' or new.role <> 'owner') and not exists (
    select from public.organization_members m
    where m.organization = old.organization and m.role = 'owner' and m.person <> old.person
  ) then
    perform private.refuse('last_owner', format('%s needs an owner: make somebody else one first.', affected.name), 409);
  end if;
  -- Policies looked before the lock was had: who was removed meanwhile decides nothing any more.
  if auth.role() = 'authenticated' and not (tg_op = 'DELETE' and old.person = auth.uid()) then
    perform private.require_role(old.organization, 'owner');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

create trigger guard_members before insert or update or delete on public.organization_members
for each row execute function private.guard_members();
alter table public.organization_members enable always trigger guard_members;
