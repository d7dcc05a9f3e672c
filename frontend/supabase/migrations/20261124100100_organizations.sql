-- Organizations and their members. The API's store decides what an organization is and may; here stands what people and
-- their tokens need of it.

create table public.organizations (
  -- In lowercase, as in names of datasets: two slugs that differ in case are one.
  slug text primary key check (slug ~ '^[a-z0-9][a-z0-9_]{2,49}$'),
  name text not null check (char_length(name) between 1 and 200),
  -- Who onboarded it: the same call again finds its own work done.
  founder uuid references public.people on delete set null,
  -- Mirrored from the API's store, the newest version of it: `private` functions decide by it, nobody edits it.
  plan text not null,
  status text not null check (status in ('TRIAL', 'ACTIVE', 'PAST_DUE', 'SUSPENDED', 'CANCELLED')),
  seat_limit integer not null check (seat_limit >= 0),
  mirror_version bigint not null,
  -- Grows with every change of its members. Those changes come one after the other because each updates this row.
  people_version bigint not null default 0,
  created_at timestamptz not null default now()
);
alter table public.organizations enable row level security;

create table public.organization_members (
  person uuid references public.people on delete cascade,
  organization text references public.organizations,
  role public.organization_role not null,
  joined_at timestamptz not null default now(),
  -- In this order for the access-token hook.
  primary key (person, organization)
);
create index organization_members_of_organization on public.organization_members (organization, role);
alter table public.organization_members enable row level security;

-- Which organization a person works in: one of their own; none once they are no member of it.
alter table public.people add column active_organization text;
alter table public.people add foreign key (id, active_organization)
  references public.organization_members (person, organization) on delete set null (active_organization);
create index people_active_organization on public.people (active_organization, id);

-- Where whoever asks is at least this. Policies evaluate it once a statement.
create function private.my_organizations(at_least public.organization_role) returns setof text
language sql stable security definer set search_path = '' as $$
  select organization from public.organization_members
  where person = (select auth.uid()) and role operator(pg_catalog.>=) at_least
$$;

-- Whom whoever asks shares an organization with.
create function private.people_beside_me() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select others.person from public.organization_members others
  where others.organization = any (array(select private.my_organizations('viewer')))
$$;
