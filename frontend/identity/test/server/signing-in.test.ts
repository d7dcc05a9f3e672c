//! Signing up, in and out, with Supabase's own client.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withPostgres } from '../postgres.js'
import { PASSWORD, SECRET, withServer } from './harness.js'

withPostgres('signing up, in and out', () => {
  const it = withServer()

  test('an account is made, confirmed by the mailed link and signed in', async () => {
    const email = 'ada@example.com'
    const signUp = await it.client().signUp({ email, password: PASSWORD, options: { data: { full_name: 'Ada Müller' } } })
    assert.equal(signUp.error, null)
    assert.equal(signUp.data.session, null)
    const early = await it.client().signInWithPassword({ email, password: PASSWORD })
    assert.equal(early.error?.code, 'email_not_confirmed')

    const { token_hash } = await it.mail(email)
    const verified = await it.client().verifyOtp({ type: 'signup', token_hash })
    assert.equal(verified.data.user?.email, email)
    assert.ok(verified.data.session)
    const again = await it.client().verifyOtp({ type: 'signup', token_hash })
    assert.equal(again.error?.code, 'otp_expired')

    const signIn = await it.client().signInWithPassword({ email: ' ADA@Example.com', password: PASSWORD })
    assert.equal(signIn.data.user?.user_metadata['full_name'], 'Ada Müller')
    const { rows } = await it.pool.query('select email, full_name from people where email = $1', [email])
    assert.deepEqual(rows, [{ email, full_name: 'Ada Müller' }])
  })

  test('digits that are typed confirm too, but not another address', async () => {
    for (const email of ['digits@example.com', 'other@example.com']) await it.client().signUp({ email, password: PASSWORD })
    const { otp } = await it.mail('digits@example.com')
    const other = await it.client().verifyOtp({ type: 'email', email: 'other@example.com', token: otp })
    assert.equal(other.error?.code, 'otp_expired')
    const verified = await it.client().verifyOtp({ type: 'email', email: 'digits@example.com', token: otp })
    assert.ok(verified.data.session)
  })

  test('a link is good for an hour', async () => {
    await it.client().signUp({ email: 'late@example.com', password: PASSWORD })
    const { token_hash } = await it.mail('late@example.com')
    it.wait(3601)
    const verified = await it.client().verifyOtp({ type: 'signup', token_hash })
    assert.equal(verified.error?.code, 'otp_expired')
  })

  test('signing up with an address that somebody has looks like signing up', async () => {
    await it.account('taken@example.com')
    const fresh = await it.call('POST /signup', { email: 'free@example.com', password: PASSWORD })
    const taken = await it.call('POST /signup', { email: 'taken@example.com', password: 'another password' })
    assert.deepEqual([taken.status, Object.keys(taken.body).sort()], [200, Object.keys(fresh.body).sort()])
    assert.equal((await it.signIn('taken@example.com')).status, 200)
    assert.equal((await it.signIn('taken@example.com', 'another password')).status, 400)
  })

  test('a wrong password, an unknown address and an account without a password are told the same', async () => {
    await it.account('known@example.com')
    await it.client(SECRET).admin.createUser({ email: 'linkonly@example.com', email_confirm: true })
    const answers = [
      await it.signIn('known@example.com', 'wrong password'),
      await it.signIn('nobody@example.com'),
      await it.signIn('linkonly@example.com', ''),
    ]
    const told = { code: 'invalid_credentials', message: 'Invalid login credentials' }
    assert.deepEqual(answers.map(({ status, body }) => ({ status, body })), Array(3).fill({ status: 400, body: told }))
  })

  test('passwords that are too short or too long for Supabase are refused', async () => {
    const short = await it.client().signUp({ email: 'short@example.com', password: 'short' })
    assert.equal(short.error?.code, 'weak_password')
    const long = await it.client().signUp({ email: 'long@example.com', password: 'ü'.repeat(40) })
    assert.equal(long.error?.code, 'validation_failed')
  })

  test('what is no e-mail address is refused', async () => {
    for (const email of ['', 'no address', 'a@b@c', 7, null, `${'a'.repeat(250)}@example.com`]) {
      const answer = await it.call('POST /signup', { email, password: PASSWORD })
      assert.equal(answer.body.code, 'validation_failed', String(email))
    }
  })

  test('one changes one’s own metadata and password, and other sessions end', async () => {
    const email = 'changing@example.com'
    await it.account(email)
    const [here, there] = [it.client(), it.client()]
    for (const client of [here, there]) await client.signInWithPassword({ email, password: PASSWORD })
    await here.updateUser({ data: { theme: 'dark' } })
    const same = await here.updateUser({ password: PASSWORD })
    assert.equal(same.error?.code, 'same_password')
    const changed = await here.updateUser({ password: 'a better password' })
    assert.equal(changed.data.user?.user_metadata['theme'], 'dark')
    assert.equal((await here.getUser()).error, null)
    assert.equal((await there.getUser()).error?.name, 'AuthSessionMissingError')
    assert.equal((await it.signIn(email)).status, 400)
    assert.equal((await it.signIn(email, 'a better password')).status, 200)
  })

  test('a new address counts once its mail was read, and no address is taken from somebody', async () => {
    await it.account('before@example.com')
    await it.account('somebody@example.com')
    const client = it.client()
    await client.signInWithPassword({ email: 'before@example.com', password: PASSWORD })
    assert.equal((await client.updateUser({ email: 'somebody@example.com' })).error?.code, 'email_exists')
    const asked = await client.updateUser({ email: 'after@example.com' })
    assert.deepEqual([asked.data.user?.email, asked.data.user?.new_email], ['before@example.com', 'after@example.com'])
    const { token_hash } = await it.mail('after@example.com')
    await it.client().verifyOtp({ type: 'email_change', token_hash })
    assert.equal((await it.signIn('after@example.com')).status, 200)
    const { rowCount } = await it.pool.query(`select from people where email = 'after@example.com'`)
    assert.equal(rowCount, 1)
  })

  test('signing out ends all sessions, this one or the others, as asked', async () => {
    await it.account('leaving@example.com')
    const enter = async () => (await it.signIn('leaving@example.com')).body
    const alive = async (session: { access_token: string; refresh_token: string }) => {
      const authorization = { apikey: 'sb_publishable_of_tests', authorization: `Bearer ${session.access_token}` }
      return (await it.call('GET /user', undefined, authorization)).status === 200
    }
    for (const [scope, expected] of [['local', [false, true]], ['others', [true, false]], ['global', [false, false]]] as const) {
      const [one, two] = [await enter(), await enter()]
      const headers = { apikey: 'sb_publishable_of_tests', authorization: `Bearer ${one.access_token}` }
      assert.equal((await it.call(`POST /logout?scope=${scope}`, undefined, headers)).status, 204)
      assert.deepEqual([await alive(one), await alive(two)], expected, scope)
    }
  })
})
