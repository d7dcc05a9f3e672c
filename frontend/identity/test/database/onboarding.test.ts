//! Organizations written down after the API made them, and limits mirrored.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { as, codeOf, newPerson, outcome, type Person } from '../people.js'
import { newDatabase, poolOf, withPostgres } from '../postgres.js'

withPostgres('onboarding', () => {
  let database = ''
  const pool = poolOf(() => database)
  let [founder, other] = [] as unknown as [Person, Person]

  before(async () => {
    database = await newDatabase()
    ;[founder, other] = [await newPerson(pool(), 'founder'), await newPerson(pool(), 'other')]
  })

  const register = (slug: string, by = founder, version = 1) =>
    as(pool(), 'service_role', async sql => {
      const text = `select register_organization($1, $2, $3, 'Müller & Söhne', 'professional', 'TRIAL', 10) as slug`
      return (await sql.query(text, [slug, by.id, version])).rows[0].slug as string
    })
  const mirror = (slug: string, version: number, seats: number) =>
    as(pool(), 'service_role', async sql => {
      const text = `select mirror_organization($1, $2, 'Müller & Söhne', 'scale', 'ACTIVE', $3) as applied`
      return (await sql.query(text, [slug, version, seats])).rows[0].applied as boolean
    })
  const seats = async (slug: string) =>
    (await pool().query('select seat_limit from organizations where slug = $1', [slug])).rows[0]?.seat_limit as number
  const members = async (slug: string) =>
    (await pool().query('select person, role from organization_members where organization = $1', [slug])).rows

  test('writes the organization and its owner, once however often it is called', async () => {
    const slugs = await Promise.all(Array.from({ length: 6 }, () => register('Acme_1')))
    assert.deepEqual(slugs, Array(6).fill('acme_1'))
    assert.deepEqual(await members('acme_1'), [{ person: founder.id, role: 'owner' }])
    const { rowCount } = await pool().query(`select from people_audit where organization = 'acme_1'`)
    assert.equal(rowCount, 2)
  })

  test('a slug in another case is the same one, and somebody else’s call is refused', async () => {
    await register('Twin')
    assert.equal(await outcome(register('TWIN', other)), 'organization_exists')
    assert.equal(await outcome(register('bad-slug')), '23514')
    assert.equal(await outcome(register('_hidden')), '23514')
  })

  test('called again it brings no founder back who has left', async () => {
    await register('left')
    await pool().query(`insert into organization_members values ($1, 'left', 'owner')`, [other.id])
    await pool().query(`delete from organization_members where organization = 'left' and person = $1`, [founder.id])
    await register('left')
    assert.deepEqual(await members('left'), [{ person: other.id, role: 'owner' }])
  })

  test('a founder without an account leaves nothing', async () => {
    const nobody = { id: '00000000-0000-0000-0000-000000000000', email: '' }
    assert.equal(await outcome(register('nobodys', nobody)), '23503')
    assert.equal(await seats('nobodys'), undefined)
  })

  test('limits are the newest version’s, in whatever order versions come', async () => {
    await register('mirrored')
    assert.equal(await mirror('mirrored', 5, 50), true)
    assert.equal(await mirror('mirrored', 4, 4), false)
    assert.equal(await mirror('mirrored', 5, 5), false)
    assert.equal(await seats('mirrored'), 50)
    await Promise.all([9, 7, 10, 8, 6].map(version => mirror('Mirrored', version, version)))
    assert.equal(await seats('mirrored'), 10)
    // The first call again, however late, undoes nothing.
    await register('mirrored')
    assert.equal(await seats('mirrored'), 10)
    assert.equal(await outcome(mirror('unknown', 1, 1)), 'not_found')
  })

  test('people call neither', async () => {
    for (const text of [`select register_organization('mine', null, 1, 'x', 'enterprise', 'ACTIVE', 1000)`,
      `select mirror_organization('acme_1', 99, 'x', 'enterprise', 'ACTIVE', 1000)`]) {
      for (const caller of ['anon', founder] as const) {
        assert.equal(await as(pool(), caller, sql => sql.query(text)).catch(codeOf), '42501')
      }
    }
  })
})
