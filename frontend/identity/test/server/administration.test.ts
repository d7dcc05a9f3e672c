//! What only the secret key may do.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { newOrganization } from '../people.js'
import { withPostgres } from '../postgres.js'
import { PASSWORD, PUBLISHABLE, SECRET, withServer } from './harness.js'

const ROUTES = [
  'GET /admin/users', 'POST /admin/users', 'GET /admin/users/ID', 'PUT /admin/users/ID', 'DELETE /admin/users/ID',
  'POST /admin/generate_link', 'POST /invite', 'GET /mailbox',
]

withPostgres('administration', () => {
  const it = withServer()
  const admin = () => it.client(SECRET).admin

  test('is refused to nobody, to other keys, to the publishable key and to people', async () => {
    const id = await it.account('curious@example.com')
    const { access_token } = (await it.signIn('curious@example.com')).body
    for (const route of ROUTES.map(line => line.replace('ID', id))) {
      assert.equal((await it.call(route, undefined, {})).status, 401, route)
      assert.equal((await it.call(route, undefined, { apikey: `${SECRET}x` })).status, 401, route)
      for (const authorization of ['', `Bearer ${access_token}`]) {
        const answer = await it.call(route, undefined, { apikey: PUBLISHABLE, authorization })
        assert.deepEqual([answer.status, answer.body.code], [403, 'not_admin'], route)
      }
    }
    assert.equal((await it.signIn('curious@example.com')).status, 200)
  })

  test('makes, shows, changes and removes accounts', async () => {
    const email = 'managed@example.com'
    const made = await admin().createUser({ email, password: PASSWORD, user_metadata: { full_name: 'Managed' } })
    const id = made.data.user?.id ?? ''
    assert.equal((await it.signIn(email)).body.code, 'email_not_confirmed')
    await admin().updateUserById(id, { email_confirm: true, password: 'another password' })
    assert.equal((await it.signIn(email, 'another password')).status, 200)
    assert.equal((await admin().createUser({ email })).error?.code, 'email_exists')
    assert.equal((await admin().getUserById(id)).data.user?.email, email)
    await admin().updateUserById(id, { email: 'renamed@example.com' })
    const { rows } = await it.pool.query('select email from people where id = $1', [id])
    assert.deepEqual(rows, [{ email: 'renamed@example.com' }])
    await admin().deleteUser(id)
    assert.equal((await admin().getUserById(id)).error?.code, 'user_not_found')
    assert.equal((await admin().getUserById(randomUUID())).error?.code, 'user_not_found')
    assert.equal((await it.call('GET /admin/users/nonsense', undefined, { apikey: SECRET })).body.code, 'user_not_found')
  })

  test('lists accounts by pages', async () => {
    for (const name of ['one', 'two', 'three']) await it.account(`${name}@pages.example.com`)
    const first = await admin().listUsers({ page: 1, perPage: 2 })
    assert.equal(first.data.users.length, 2)
    const { body, headers } = await it.call('GET /admin/users?per_page=1000', undefined, { apikey: SECRET })
    assert.equal(Number(headers.get('x-total-count')), body.users.length)
    assert.equal((await it.call('GET /admin/users?page=0', undefined, { apikey: SECRET })).status, 400)
  })

  test('invites by a mailed link, and makes links for others to mail', async () => {
    await admin().inviteUserByEmail('invited@example.com')
    const { token_hash } = await it.mail('invited@example.com')
    assert.ok((await it.client().verifyOtp({ type: 'invite', token_hash })).data.session)
    const link = await admin().generateLink({ type: 'recovery', email: 'invited@example.com' })
    const hashed = link.data.properties?.hashed_token ?? ''
    assert.ok((await it.client().verifyOtp({ type: 'recovery', token_hash: hashed })).data.session)
    const unknown = await admin().generateLink({ type: 'recovery', email: 'unknown@example.com' })
    assert.equal(unknown.error?.code, 'user_not_found')
    const again = await admin().generateLink({ type: 'invite', email: 'invited@example.com' })
    assert.equal(again.error?.code, 'email_exists')
  })

  test('does not delete the account of an organization’s last owner', async () => {
    const owner = { id: await it.account('only@example.com'), email: 'only@example.com' }
    await newOrganization(it.pool, [[owner, 'owner']])
    const refused = await admin().deleteUser(owner.id)
    assert.equal(refused.error?.status, 409)
    assert.match(refused.error?.message ?? '', /needs an owner/)
    assert.equal((await it.signIn('only@example.com')).status, 200)
  })
})
