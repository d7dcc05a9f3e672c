//! The audit: every change of people, whoever makes it, and no way around.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { as, join, newOrganization, newPerson, outcome, type Person } from '../people.js'
import { newDatabase, poolOf, withPostgres } from '../postgres.js'

withPostgres('the audit of people', () => {
  let database = ''
  const pool = poolOf(() => database)
  const superuser = poolOf(() => database, 'supabase_admin', { max: 1 })
  let [owner, other] = [] as unknown as [Person, Person]

  before(async () => {
    database = await newDatabase()
    ;[owner, other] = [await newPerson(pool(), 'owner'), await newPerson(pool(), 'other')]
  })

  async function entries(slug: string) {
    const text = `select action, actor_kind as kind, actor_email as by, person, email, details from people_audit where organization = $1 order by id`
    return (await pool().query(text, [slug])).rows
  }

  test('says who did what to whom, with what was before', async () => {
    const slug = await newOrganization(pool(), [[owner, 'owner']])
    const token = await as(pool(), owner, async sql =>
      (await sql.query(`select token from create_invite($1, $2, 'viewer')`, [slug, other.email])).rows[0].token)
    await as(pool(), other, sql => sql.query('select accept_invite($1)', [token]))
    await as(pool(), owner, sql => sql.query(`update organization_members set role = 'admin' where person = $1`, [other.id]))
    await as(pool(), other, sql => sql.query('delete from organization_members where person = $1', [other.id]))
    await as(pool(), 'service_role', sql => sql.query(`select mirror_organization($1, 2, 'Renamed', 'scale', 'ACTIVE', 50)`, [slug]))
    const found = (await entries(slug)).map(it => [it.action, it.kind, it.by, it.email, it.details.role ?? it.details.plan, it.details.before?.plan ?? it.details.before])
    assert.deepEqual(found, [
      ['organization.registered', 'database', null, null, 'starter', undefined],
      ['member.added', 'database', null, owner.email, 'owner', undefined],
      ['invite.created', 'person', owner.email, other.email, 'viewer', undefined],
      ['invite.accepted', 'person', other.email, other.email, 'viewer', undefined],
      ['member.added', 'person', other.email, other.email, 'viewer', undefined],
      ['member.role_changed', 'person', owner.email, other.email, 'admin', 'viewer'],
      ['member.removed', 'person', other.email, other.email, 'admin', undefined],
      ['organization.changed', 'service', null, null, 'scale', 'starter'],
    ])
  })

  test('knows where a request came from, and does not stumble over headers', async () => {
    const slug = await newOrganization(pool(), [[owner, 'owner']])
    for (const [headers, address] of [['{"x-forwarded-for": "203.0.113.7"}', '203.0.113.7'], ['nonsense', null], ['', null]]) {
      const person = await newPerson(pool())
      await as(pool(), 'service_role', async sql => {
        await sql.query('reset role')
        await sql.query(`select set_config('request.headers', $1, true)`, [headers])
        await sql.query(`insert into organization_members values ($1, $2, 'viewer')`, [person.id, slug])
      })
      const { rows } = await pool().query('select address from people_audit where person = $1 and organization = $2', [person.id, slug])
      assert.deepEqual(rows, [{ address }])
    }
  })

  test('has what concerns a person alone, which only they read', async () => {
    const person = await newPerson(pool())
    await as(pool(), person, sql => sql.query(`update people set full_name = 'Zoë' where id = $1`, [person.id]))
    await pool().query(`update auth.users set email = 'new-' || email where id = $1`, [person.id])
    const read = (by: Person) => as(pool(), by, async sql =>
      (await sql.query('select action, details from people_audit where person = $1 order by id', [person.id])).rows)
    assert.deepEqual((await read(person)).map(it => it.action), ['person.added', 'person.changed', 'person.changed'])
    assert.deepEqual(await read(other), [])
    await pool().query('delete from auth.users where id = $1', [person.id])
    const { rows } = await pool().query(`select email from people_audit where person = $1 and action = 'person.deleted'`, [person.id])
    assert.deepEqual(rows, [{ email: `new-${person.email}` }])
  })

  test('is written in the transaction of the change: neither without the other', async () => {
    const slug = await newOrganization(pool(), [[owner, 'owner']])
    const client = await pool().connect()
    await client.query('begin')
    await client.query(`insert into organization_members values ($1, $2, 'viewer')`, [other.id, slug])
    await client.query('rollback')
    client.release()
    assert.deepEqual((await entries(slug)).map(it => it.action), ['organization.registered', 'member.added'])
  })

  test('nobody changes, removes or empties it, not even the owner of the table', async () => {
    for (const text of [`update people_audit set action = 'x'`, 'delete from people_audit', 'truncate people_audit']) {
      assert.equal(await outcome(pool().query(text)), 'P0001', text)
      assert.equal(await outcome(superuser().query(text)), 'P0001', text)
      assert.equal(await outcome(as(pool(), 'service_role', sql => sql.query(text))), '42501', text)
    }
    for (const table of ['people', 'organizations', 'organization_members', 'organization_invites']) {
      assert.equal(await outcome(pool().query(`truncate ${table} cascade`)), 'P0001', table)
    }
  })

  test('goes on where triggers are left out for replication', async () => {
    const slug = await newOrganization(pool(), [[owner, 'owner'], [other, 'viewer']])
    await superuser().query('set session_replication_role = replica')
    await superuser().query('delete from organization_members where organization = $1 and person = $2', [slug, other.id])
    assert.equal(await outcome(superuser().query('delete from organization_members where organization = $1', [slug])), 'last_owner')
    await superuser().query('reset session_replication_role')
    assert.equal((await entries(slug)).at(-1)?.action, 'member.removed')
  })

  test('claims that are nobody’s do not stop a change', async () => {
    const slug = await newOrganization(pool(), [[owner, 'owner']])
    await join(pool(), slug, other, 'viewer')
    assert.equal((await entries(slug)).at(-1)?.kind, 'database')
  })
})
