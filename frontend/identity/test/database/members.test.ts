//! Members: what holds whoever changes them, races included.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { as, join, newOrganization, newPerson, outcome, type Person } from '../people.js'
import { newDatabase, poolOf, withPostgres } from '../postgres.js'

withPostgres('members', () => {
  let database = ''
  const pool = poolOf(() => database)
  let [ada, ben, cleo] = [] as unknown as [Person, Person, Person]

  before(async () => {
    database = await newDatabase()
    ;[ada, ben, cleo] = (await Promise.all(['ada', 'ben', 'cleo'].map(name => newPerson(pool(), name)))) as [Person, Person, Person]
  })

  const remove = (by: Person, whom: Person, slug: string) =>
    outcome(as(pool(), by, async sql => {
      const { rowCount } = await sql.query('delete from organization_members where person = $1 and organization = $2', [whom.id, slug])
      if (rowCount === 0) throw { code: 'nothing' }
    }))

  const setRole = (by: Person, whom: Person, slug: string, role: string) =>
    outcome(as(pool(), by, async sql => {
      const text = 'update organization_members set role = $3 where person = $1 and organization = $2'
      if ((await sql.query(text, [whom.id, slug, role])).rowCount === 0) throw { code: 'nothing' }
    }))

  async function owners(slug: string): Promise<number> {
    const text = `select count(*)::int as number from organization_members where organization = $1 and role = 'owner'`
    return (await pool().query(text, [slug])).rows[0].number
  }

  test('an owner changes roles and removes; an admin does neither, not even to himself', async () => {
    const slug = await newOrganization(pool(), [[ada, 'owner'], [ben, 'admin'], [cleo, 'viewer']])
    assert.equal(await setRole(ben, ben, slug, 'owner'), 'nothing')
    assert.equal(await setRole(ben, ada, slug, 'viewer'), 'nothing')
    assert.equal(await setRole(ben, cleo, slug, 'member'), 'nothing')
    assert.equal(await remove(ben, ada, slug), 'nothing')
    assert.equal(await remove(ben, cleo, slug), 'nothing')
    assert.equal(await setRole(ada, cleo, slug, 'member'), 'done')
    assert.equal(await remove(ada, ben, slug), 'done')
  })

  test('anybody may leave, but the last owner', async () => {
    const slug = await newOrganization(pool(), [[ada, 'owner'], [ben, 'viewer']])
    assert.equal(await remove(ben, ben, slug), 'done')
    assert.equal(await remove(ada, ada, slug), 'last_owner')
    assert.equal(await setRole(ada, ada, slug, 'admin'), 'last_owner')
    await join(pool(), slug, ben, 'owner')
    assert.equal(await remove(ada, ada, slug), 'done')
    assert.equal(await owners(slug), 1)
  })

  test('not all owners at once either, nor by deleting the account, nor as the owner of the tables', async () => {
    const slug = await newOrganization(pool(), [[ada, 'owner'], [ben, 'owner']])
    const all = (by: Person) => as(pool(), by, sql => sql.query('delete from organization_members where organization = $1', [slug]))
    assert.equal(await outcome(all(ada)), 'last_owner')
    assert.equal(await outcome(pool().query('delete from organization_members where organization = $1', [slug])), 'last_owner')
    assert.equal(await outcome(pool().query('delete from auth.users where id = any ($1)', [[ada.id, ben.id]])), 'last_owner')
    assert.equal(await owners(slug), 2)
  })

  test('nobody is moved to another organization or person', async () => {
    const mine = await newOrganization(pool(), [[ada, 'owner'], [ben, 'member']])
    const other = await newOrganization(pool(), [[cleo, 'owner']])
    for (const [column, value] of [['organization', other], ['person', cleo.id], ['joined_at', '2020-01-01']]) {
      const text = `update organization_members set ${column} = $1 where person = $2 and organization = $3`
      assert.equal(await outcome(as(pool(), ada, sql => sql.query(text, [value, ben.id, mine]))), '42501')
    }
  })

  for (const isolation of ['read committed', 'repeatable read', 'serializable']) {
    test(`of two owners who remove each other one stays: ${isolation}`, async () => {
      for (let round = 0; round < 8; round++) {
        const slug = await newOrganization(pool(), [[ada, 'owner'], [ben, 'owner']])
        const leave = (by: Person, whom: Person) =>
          outcome(as(pool(), by, sql =>
            sql.query('delete from organization_members where person = $1 and organization = $2', [whom.id, slug]), { isolation }))
        await Promise.all([leave(ada, ben), leave(ben, ada)])
        assert.equal(await owners(slug), 1, `round ${round}`)
      }
    })
  }

  test('an owner who is being removed decides nothing any more', async () => {
    const slug = await newOrganization(pool(), [[ada, 'owner'], [ben, 'owner'], [cleo, 'owner']])
    const removing = await pool().connect()
    await removing.query('begin')
    await removing.query('delete from organization_members where person = $1 and organization = $2', [ben.id, slug])
    const late = remove(ben, cleo, slug)
    // Ben's statement has begun, and waits for Ada's transaction.
    await waiting()
    await removing.query('commit')
    removing.release()
    assert.equal(await late, 'not_found')
    assert.equal(await owners(slug), 2)
  })

  /** Until some statement waits for a lock. */
  async function waiting(): Promise<void> {
    for (;;) {
      const { rows } = await pool().query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
      if (rows.length > 0) return
    }
  }

  test('of many who join at once as many as there are seats do', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => newPerson(pool(), 'racer')))
    const slug = await newOrganization(pool(), [[ada, 'owner']], 8)
    const outcomes = await Promise.all(people.map(person => outcome(join(pool(), slug, person, 'viewer'))))
    assert.equal(outcomes.filter(it => it === 'done').length, 7)
    assert.equal(outcomes.filter(it => it === 'seats_taken').length, 13)
    const { rows } = await pool().query('select count(*)::int as number from organization_members where organization = $1', [slug])
    assert.equal(rows[0].number, 8)
  })

  test('who is a member already when a plan shrinks stays, nobody comes', async () => {
    const slug = await newOrganization(pool(), [[ada, 'owner'], [ben, 'member']])
    await pool().query(`select mirror_organization($1, 2, 'Small', 'starter', 'ACTIVE', 1)`, [slug])
    assert.equal(await outcome(join(pool(), slug, cleo, 'viewer')), 'seats_taken')
    assert.equal(await setRole(ada, ben, slug, 'admin'), 'done')
  })

  test('the active organization is one’s own, and none once one is no member', async () => {
    const slug = await newOrganization(pool(), [[ada, 'owner'], [ben, 'member']])
    const other = await newOrganization(pool(), [[cleo, 'owner']])
    const choose = (it: string) => outcome(as(pool(), ben, sql => sql.query('update people set active_organization = $1 where id = $2', [it, ben.id])))
    assert.equal(await choose(other), '23503')
    assert.equal(await choose(slug), 'done')
    await remove(ada, ben, slug)
    const { rows } = await pool().query('select active_organization from people where id = $1', [ben.id])
    assert.deepEqual(rows, [{ active_organization: null }])
  })
})
