//! Invitations: one use, for one address, for a week.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { as, newOrganization, newPerson, outcome, type Person, type Role } from '../people.js'
import { newDatabase, poolOf, withPostgres } from '../postgres.js'

withPostgres('invitations', () => {
  let database = ''
  const pool = poolOf(() => database)
  let [owner, admin, guest, stranger] = [] as unknown as [Person, Person, Person, Person]

  before(async () => {
    database = await newDatabase()
    const names = ['owner', 'admin', 'guest', 'stranger']
    ;[owner, admin, guest, stranger] = (await Promise.all(names.map(name => newPerson(pool(), name)))) as [Person, Person, Person, Person]
  })

  const place = (seats?: number) => newOrganization(pool(), [[owner, 'owner'], [admin, 'admin']], seats)

  async function invite(slug: string, email: string, role: Role = 'member', by = owner) {
    const text = 'select * from create_invite($1, $2, $3)'
    const { rows } = await as(pool(), by, sql => sql.query<{ invite: string; token: string }>(text, [slug, email, role]))
    return rows[0] as { invite: string; token: string }
  }

  const accept = (by: Person, token: string) =>
    as(pool(), by, async sql => (await sql.query('select accept_invite($1) as slug', [token])).rows[0].slug as string)
  const preview = (by: Person, token: string) =>
    as(pool(), by, async sql => (await sql.query('select * from preview_invite($1)', [token])).rows[0])
  const revoke = (by: Person, id: string) => as(pool(), by, sql => sql.query('select revoke_invite($1)', [id]))

  test('make whoever has the address a member, with the role of the invitation', async () => {
    const slug = await place()
    const { token } = await invite(slug, ` ${guest.email.toUpperCase()} `, 'admin')
    assert.deepEqual(await preview(guest, token), {
      organization: slug, name: `${slug} & Söhne`, role: 'admin', email: guest.email, state: 'open',
    })
    assert.equal(await accept(guest, token), slug)
    const { rows } = await pool().query('select role from organization_members where organization = $1 and person = $2', [slug, guest.id])
    assert.deepEqual(rows, [{ role: 'admin' }])
    assert.equal((await preview(guest, token)).state, 'accepted')
  })

  test('work once; the same person may repeat a call whose answer was lost, until removed', async () => {
    const slug = await place()
    const { token } = await invite(slug, guest.email)
    await accept(guest, token)
    assert.equal(await accept(guest, token), slug)
    assert.equal(await outcome(accept(stranger, token)), 'invite_accepted')
    await pool().query('delete from organization_members where organization = $1 and person = $2', [slug, guest.id])
    assert.equal(await outcome(accept(guest, token)), 'invite_accepted')
  })

  test('are for the address that they were sent to, once it is confirmed', async () => {
    const slug = await place()
    const { token } = await invite(slug, guest.email)
    assert.equal(await outcome(accept(stranger, token)), 'invite_of_another')
    const unconfirmed = await newPerson(pool(), 'unconfirmed', false)
    const other = await invite(slug, unconfirmed.email)
    assert.equal(await outcome(accept(unconfirmed, other.token)), 'invite_of_another')
    assert.equal(await outcome(accept(guest, 'no such token')), 'not_found')
    assert.equal(await preview(guest, 'no such token'), undefined)
  })

  test('end after a week, when revoked and when another one follows', async () => {
    const slug = await place()
    const old = await invite(slug, guest.email)
    await pool().query(`update organization_invites set expires_at = now() where id = $1`, [old.invite])
    assert.equal(await outcome(accept(guest, old.token)), 'invite_expired')
    const first = await invite(slug, guest.email)
    const second = await invite(slug, guest.email)
    assert.equal(await outcome(accept(guest, first.token)), 'invite_revoked')
    await revoke(owner, second.invite)
    await revoke(owner, second.invite)
    assert.equal(await outcome(accept(guest, second.token)), 'invite_revoked')
  })

  test('are an owner’s business: an admin reads them, others do not know of them', async () => {
    const slug = await place()
    const { invite: id } = await invite(slug, guest.email)
    assert.equal(await outcome(invite(slug, 'x@example.com', 'viewer', admin)), 'forbidden')
    assert.equal(await outcome(revoke(admin, id)), 'forbidden')
    assert.equal(await outcome(invite(slug, 'x@example.com', 'viewer', stranger)), 'not_found')
    assert.equal(await outcome(invite('no_such_place', 'x@example.com')), 'not_found')
    assert.equal(await outcome(revoke(stranger, id)), 'not_found')
    assert.equal(await outcome(revoke(owner, '00000000-0000-0000-0000-000000000000')), 'not_found')
  })

  test('make no owners, and ask for addresses', async () => {
    const slug = await place()
    assert.equal(await outcome(invite(slug, 'x@example.com', 'owner')), 'invalid_role')
    for (const email of ['', 'x', 'a b@example.com', 'a@b@c', `${'a'.repeat(251)}@b.c`]) {
      assert.equal(await outcome(invite(slug, email)), 'invalid_email', email)
    }
    assert.equal(await outcome(invite(slug, admin.email)), 'already_member')
  })

  test('hold their token nowhere but in the answer', async () => {
    const { token } = await invite(await place(), guest.email)
    assert.match(token, /^[0-9a-f]{64}$/)
    for (const table of ['organization_invites', 'people_audit']) {
      const { rows } = await pool().query(`select string_agg(t::text, ' ') as all from ${table} t`)
      assert.ok(!rows[0].all.includes(token), table)
    }
    const hashes = await pool().query(`select encode(token_hash, 'hex') as hash from organization_invites`)
    const audit = await pool().query(`select string_agg(t::text, ' ') as all from people_audit t`)
    for (const { hash } of hashes.rows) assert.ok(!audit.rows[0].all.includes(hash))
  })

  test('promise no more seats than there are', async () => {
    const slug = await place(3)
    await invite(slug, 'first@example.com')
    assert.equal(await outcome(invite(slug, 'second@example.com')), 'seats_taken')
    // The same address again takes no seat more.
    const again = await invite(slug, 'first@example.com')
    await revoke(owner, again.invite)
    await invite(slug, 'second@example.com')
  })

  test('accepted at once by more people than there are seats fill just the seats', async () => {
    const slug = await place(12)
    const guests = await Promise.all(Array.from({ length: 10 }, () => newPerson(pool(), 'guest')))
    const tokens: string[] = []
    for (const { email } of guests) tokens.push((await invite(slug, email)).token)
    await pool().query(`select mirror_organization($1, 2, 'Smaller', 'starter', 'ACTIVE', 6)`, [slug])
    const outcomes = await Promise.all(guests.map((it, at) => outcome(accept(it, tokens[at] ?? ''))))
    assert.deepEqual([...outcomes].sort(), [...Array(4).fill('done'), ...Array(6).fill('seats_taken')])
    const { rows } = await pool().query(
      `select (select count(*)::int from organization_members where organization = $1) as members,
        (select count(*)::int from organization_invites where organization = $1 and accepted_at is not null) as accepted`, [slug])
    assert.deepEqual(rows, [{ members: 6, accepted: 4 }])
  })

  test('accepted many times at once by one person count once', async () => {
    const slug = await place()
    const { token } = await invite(slug, guest.email)
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(accept(guest, token))))
    assert.deepEqual(outcomes, Array(8).fill('done'))
    const { rowCount } = await pool().query(`select from people_audit where organization = $1 and action = 'invite.accepted'`, [slug])
    assert.equal(rowCount, 1)
  })
})
