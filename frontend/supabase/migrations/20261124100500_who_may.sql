-- Who may read and change which rows, and which columns of them. What is not granted here nobody may: anonymous users
-- nothing at all, and the secret key reads everything but changes only by the functions that are granted to it. May be run
-- again.

grant execute on function private.my_organizations, private.people_beside_me to authenticated;

grant select on public.people, public.organizations, public.organization_members, public.people_audit to authenticated;
grant select on public.people, public.organizations, public.organization_members, public.people_audit to service_role;

-- Never the hash of a token.
grant select (id, organization, email, role, invited_by, created_at, expires_at, accepted_at, accepted_by, revoked_at)
  on public.organization_invites to authenticated, service_role;

drop policy if exists read_oneself_and_colleagues on public.people;
create policy read_oneself_and_colleagues on public.people for select to authenticated
  using (id = (select auth.uid()) or id in (select private.people_beside_me()));
drop policy if exists change_oneself on public.people;
create policy change_oneself on public.people for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
grant update (full_name, active_organization) on public.people to authenticated;

drop policy if exists read_ones_own on public.organizations;
create policy read_ones_own on public.organizations for select to authenticated
  using (slug = any (array(select private.my_organizations('viewer'))));

drop policy if exists read_members on public.organization_members;
create policy read_members on public.organization_members for select to authenticated
  using (organization = any (array(select private.my_organizations('viewer'))));
drop policy if exists change_roles on public.organization_members;
create policy change_roles on public.organization_members for update to authenticated
  using (organization = any (array(select private.my_organizations('owner'))))
  with check (organization = any (array(select private.my_organizations('owner'))));
grant update (role) on public.organization_members to authenticated;
drop policy if exists remove_or_leave on public.organization_members;
create policy remove_or_leave on public.organization_members for delete to authenticated
  using (person = (select auth.uid()) or organization = any (array(select private.my_organizations('owner'))));
grant delete on public.organization_members to authenticated;

drop policy if exists read_invites on public.organization_invites;
create policy read_invites on public.organization_invites for select to authenticated
  using (organization = any (array(select private.my_organizations('admin'))));

drop policy if exists read_audit on public.people_audit;
create policy read_audit on public.people_audit for select to authenticated
  using (organization = any (array(select private.my_organizations('admin')))
    or (organization is null and person = (select auth.uid())));
