//! Refresh tokens: used once, and stolen ones end the session.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withPostgres } from '../postgres.js'
import { SECRET, withServer } from './harness.js'

withPostgres('refresh tokens', () => {
  const it = withServer()

  async function session(email: string) {
    const id = await it.account(email)
    return { id, ...(await it.signIn(email)).body }
  }

  test('each makes the next one, in the same session', async () => {
    const first = await session('rotating@example.com')
    const second = (await it.refresh(first.refresh_token)).body
    const third = (await it.refresh(second.refresh_token)).body
    assert.equal(new Set([first, second, third].map(one => one.refresh_token)).size, 3)
    const sessions = [first, second, third].map(one => JSON.parse(atob(one.access_token.split('.')[1])).session_id)
    assert.equal(new Set(sessions).size, 1)
  })

  test('two tabs that refresh at once both go on', async () => {
    const { refresh_token } = await session('tabs@example.com')
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => it.refresh(refresh_token)))
    assert.deepEqual(answers.map(answer => answer.status), [200, 200, 200, 200, 200])
    it.wait(11)
    for (const { body } of answers) assert.equal((await it.refresh(body.refresh_token)).status, 200)
  })

  test('one that is used again later ends the session, for the thief and for the owner', async () => {
    const first = await session('stolen@example.com')
    const second = (await it.refresh(first.refresh_token)).body
    it.wait(11)
    const thief = await it.refresh(first.refresh_token)
    assert.deepEqual([thief.status, thief.body.code], [400, 'refresh_token_already_used'])
    assert.equal((await it.refresh(second.refresh_token)).body.code, 'refresh_token_not_found')
    const headers = { apikey: 'sb_publishable_of_tests', authorization: `Bearer ${second.access_token}` }
    assert.equal((await it.call('GET /user', undefined, headers)).body.code, 'session_not_found')
  })

  test('what was never given out, or nothing, is refused', async () => {
    assert.equal((await it.refresh('never given out')).body.code, 'refresh_token_not_found')
    assert.equal((await it.call('POST /token?grant_type=refresh_token', {})).body.code, 'validation_failed')
    assert.equal((await it.call('POST /token?grant_type=guess', {})).body.message, 'unsupported_grant_type')
  })

  test('only hashes of them are stored', async () => {
    const { refresh_token } = await session('hashed@example.com')
    const { rows } = await it.pool.query(`select string_agg(t::text, ' ') as all from auth.refresh_tokens t`)
    assert.ok(!rows[0].all.includes(refresh_token))
    assert.ok(!rows[0].all.includes(Buffer.from(refresh_token).toString('hex')))
  })

  test('a banned or deleted account gets no more tokens', async () => {
    const admin = it.client(SECRET).admin
    const banned = await session('banned@example.com')
    await admin.updateUserById(banned.id, { ban_duration: '1h' })
    assert.equal((await it.refresh(banned.refresh_token)).body.code, 'user_banned')
    assert.equal((await it.signIn('banned@example.com')).body.code, 'user_banned')
    it.wait(3601)
    assert.equal((await it.refresh(banned.refresh_token)).status, 200)
    await admin.deleteUser(banned.id)
    assert.equal((await it.signIn('banned@example.com')).body.code, 'invalid_credentials')
  })
})
