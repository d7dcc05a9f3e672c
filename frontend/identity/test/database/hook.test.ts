//! The access-token hook: what it says of none, one, 50, 51 and very many organizations, and how fast.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import pg from 'pg'
import { newOrganization, newPerson, type Person } from '../people.js'
import { newDatabase, poolOf, urlOf, withPostgres } from '../postgres.js'

withPostgres('the access-token hook', () => {
  let database = ''
  const pool = poolOf(() => database)
  const auth = poolOf(() => database, 'supabase_auth_admin')
  let owner = {} as Person

  before(async () => {
    database = await newDatabase()
    owner = await newPerson(pool(), 'owner')
  })

  interface Found {
    organizations: Record<string, string>
    organizations_complete: boolean
    active_organization: string | null
    email_confirmed: boolean
    [other: string]: unknown
  }

  async function hook(person: { id: string }, app_metadata: unknown = { provider: 'email' }): Promise<Found> {
    const claims = { sub: person.id, iat: 1000, exp: 1900, role: 'authenticated', app_metadata }
    const event = { user_id: person.id, claims, authentication_method: 'password' }
    const { rows } = await auth().query('select private.access_token_hook($1) as answer', [JSON.stringify(event)])
    const { app_metadata: found, ...rest } = rows[0].answer.claims
    const { app_metadata: _, ...given } = claims
    assert.deepEqual(rest, given, 'other claims stay')
    return found
  }

  /** Guards take each member one by one, which is not what this is about. */
  const unguarded = (text: string) =>
    pool().query(`begin; alter table organization_members disable trigger user; ${text};
      alter table organization_members enable always trigger guard_members, enable always trigger audit; commit`)

  /** A person who is a viewer of so many organizations. */
  async function memberOf(number: number, prefix: string): Promise<Person> {
    const person = await newPerson(pool(), prefix)
    await pool().query(
      `insert into organizations (slug, name, plan, status, seat_limit, mirror_version)
       select format('%s_%s', $1::text, lpad(n::text, 6, '0')), 'x', 'starter', 'TRIAL', 100000, 1 from generate_series(1, $2) n`, [prefix, number])
    await unguarded(
      `insert into organization_members (person, organization, role)
       select '${person.id}', slug, 'viewer' from organizations where slug like '${prefix}\\_%'`)
    return person
  }

  /** How many rows one call reads, through whole tables and by indexes. */
  async function readBy(person: Person): Promise<{ scanned: number; fetched: number }> {
    const client = new pg.Client({ connectionString: urlOf(database, 'supabase_auth_admin') })
    await client.connect()
    try {
      await client.query('begin')
      await client.query('select private.access_token_hook($1)', [
        JSON.stringify({ user_id: person.id, claims: { iat: 0, exp: 900 } }),
      ])
      const { rows } = await client.query(
        `select sum(seq_tup_read)::int as scanned, sum(idx_tup_fetch)::int as fetched
         from pg_stat_xact_user_tables where relname in ('people', 'organization_members', 'users')`)
      return rows[0]
    } finally {
      await client.end()
    }
  }

  const choose = (person: Person, slug: string) =>
    pool().query('update people set active_organization = $2 where id = $1', [person.id, slug])

  test('says nothing of nobody’s and of somebody without organizations', async () => {
    const none = { provider: 'email', organizations: {}, organizations_complete: true, active_organization: null }
    assert.deepEqual(await hook(await newPerson(pool())), { ...none, email_confirmed: true })
    assert.deepEqual(await hook(await newPerson(pool(), 'unconfirmed', false)), { ...none, email_confirmed: false })
    assert.deepEqual(await hook({ id: '00000000-0000-0000-0000-000000000000' }), { ...none, email_confirmed: false })
  })

  test('says every role, in lowercase slugs, and which is active', async () => {
    const person = await newPerson(pool())
    const roles = ['viewer', 'member', 'admin', 'owner'] as const
    const slugs = []
    for (const role of roles) slugs.push(await newOrganization(pool(), [[owner, 'owner'], [person, role]]))
    const found = await hook(person)
    assert.deepEqual(found.organizations, Object.fromEntries(slugs.map((slug, at) => [slug, roles[at]])))
    assert.equal(found.active_organization, [...slugs].sort()[0])
    await choose(person, slugs[2] ?? '')
    assert.equal((await hook(person)).active_organization, slugs[2])
  })

  test('replaces what stands under its names, and keeps the rest', async () => {
    const forged = { provider: 'email', plan: 'x', organizations: { acme: 'owner' }, organizations_complete: false, email_confirmed: true }
    const found = await hook(await newPerson(pool(), 'forger', false), forged)
    assert.deepEqual([found.organizations, found.organizations_complete, found.email_confirmed], [{}, true, false])
    assert.equal(found['plan'], 'x')
    assert.deepEqual((await hook(owner, null as never)).email_confirmed, true)
  })

  test('forgets who was removed', async () => {
    const person = await newPerson(pool())
    const slug = await newOrganization(pool(), [[owner, 'owner'], [person, 'admin']])
    await choose(person, slug)
    assert.deepEqual((await hook(person)).organizations, { [slug]: 'admin' })
    await pool().query('delete from organization_members where person = $1', [person.id])
    const found = await hook(person)
    assert.deepEqual([found.organizations, found.active_organization], [{}, null])
  })

  test('says fifty, and of fifty-one only the active one', async () => {
    const fifty = await hook(await memberOf(50, 'fifty'))
    assert.equal(Object.keys(fifty.organizations).length, 50)
    assert.equal(fifty.organizations_complete, true)
    const person = await memberOf(51, 'more')
    const found = await hook(person)
    assert.deepEqual([found.organizations, found.organizations_complete], [{ more_000001: 'viewer' }, false])
    await choose(person, 'more_000051')
    const chosen = await hook(person)
    assert.deepEqual([chosen.organizations, chosen.active_organization], [{ more_000051: 'viewer' }, 'more_000051'])
  })

  test('refuses tokens that live longer than a removed member may', async () => {
    const event = { user_id: owner.id, claims: { iat: 1000, exp: 1901 } }
    const { rows } = await auth().query('select private.access_token_hook($1) as answer', [JSON.stringify(event)])
    assert.deepEqual(rows[0].answer, {
      error: { http_code: 500, message: 'Access tokens must live at most 900 seconds: set the JWT expiry to that.' },
    })
  })

  test('reads by indexes only, among 10,000 organizations of a person and 10,000 members of one', async () => {
    const person = await memberOf(10_000, 'many')
    await unguarded(
      `with made as (insert into auth.users (email, email_confirmed_at) select 'crowd' || n, now() from generate_series(1, 10000) n returning id)
       insert into organization_members (person, organization, role) select id, 'many_000001', 'member' from made`)
    const found = await hook(person)
    assert.deepEqual([found.organizations, found.organizations_complete], [{ many_000001: 'viewer' }, false])
    // As right after a bulk load, and as later.
    for (const analyzed of [false, true]) {
      if (analyzed) await pool().query('analyze')
      const { scanned, fetched } = await readBy(person)
      assert.equal(scanned, 0, 'no table is read through')
      assert.ok(fetched <= 60, `${fetched} rows`)
    }
  })
})
