//! The protocol as it goes over the wire: keys, shapes of refusals, links, codes.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { withPostgres } from '../postgres.js'
import { PASSWORD, PUBLISHABLE, SECRET, withServer } from './harness.js'

withPostgres('the protocol', () => {
  const it = withServer()

  test('health, keys and configuration need no key, everything else does', async () => {
    for (const path of ['/health', '/.well-known/jwks.json', '/.well-known/openid-configuration']) {
      assert.equal((await it.call(`GET ${path}`, undefined, {})).status, 200, path)
    }
    for (const line of ['GET /settings', 'POST /signup', 'POST /token?grant_type=password', 'GET /user', 'POST /otp']) {
      assert.equal((await it.call(line, undefined, {})).status, 401, line)
    }
    const { body } = await it.call('GET /settings')
    assert.deepEqual([body.disable_signup, body.mailer_autoconfirm], [false, false])
    assert.equal((await it.call('GET /.well-known/openid-configuration', undefined, {})).body.issuer, `${it.server.url}/auth/v1`)
  })

  test('a refusal has the shape of the version that the client speaks', async () => {
    const line = 'POST /token?grant_type=password'
    const wrong = { email: 'nobody@example.com', password: PASSWORD }
    const now = await it.call(line, wrong)
    assert.deepEqual(now.body, { code: 'invalid_credentials', message: 'Invalid login credentials' })
    assert.equal(now.headers.get('x-sb-error-code'), 'invalid_credentials')
    assert.equal(now.headers.get('x-supabase-api-version'), '2024-01-01')
    const before = await it.call(line, wrong, { apikey: PUBLISHABLE, 'x-supabase-api-version': '' })
    assert.deepEqual(before.body, { code: 400, error_code: 'invalid_credentials', msg: 'Invalid login credentials' })
  })

  test('bodies that are no JSON object, or too large, are refused', async () => {
    assert.equal((await it.call('POST /signup', '{"email":')).body.code, 'bad_json')
    assert.equal((await it.call('POST /signup', '[1]')).body.code, 'validation_failed')
    assert.equal((await it.call('POST /signup', { email: 'a@b.c', password: ['x'] })).body.code, 'validation_failed')
    assert.equal((await it.call('POST /signup', 'x'.repeat(100_001))).status, 413)
    assert.equal((await it.call('GET /nothing')).body.code, 'not_found')
  })

  test('no answer with data is kept by caches', async () => {
    assert.equal((await it.call('GET /settings')).headers.get('cache-control'), 'no-store')
  })

  test('asking for mails says nothing about who has an account', async () => {
    await it.account('known@example.com')
    for (const path of ['/recover', '/resend', '/otp']) {
      const known = await it.call(`POST ${path}`, { email: 'known@example.com' })
      const unknown = await it.call(`POST ${path}`, { email: `unknown${path.slice(1)}@example.com` })
      assert.deepEqual([known.status, known.body], [unknown.status, unknown.body], path)
    }
    const closed = await it.call('POST /otp', { email: 'never@example.com', create_user: false })
    assert.equal(closed.body.code, 'otp_disabled')
  })

  test('a link leads to the console with a session, once, and with a reason afterwards', async () => {
    await it.account('link@example.com')
    await it.call('POST /recover?redirect_to=http://127.0.0.1:3000/reset', { email: 'link@example.com' })
    const link = (await it.mail('link@example.com')).action_link.replace(`${it.server.url}/auth/v1`, '')
    const first = await it.call(`GET ${link}`, undefined, {})
    assert.equal(first.status, 303)
    const place = new URL(first.headers.get('location') ?? '')
    assert.equal(place.origin + place.pathname, 'http://127.0.0.1:3000/reset')
    assert.ok(new URLSearchParams(place.hash.slice(1)).get('access_token'))
    const second = await it.call(`GET ${link}`, undefined, {})
    assert.equal(new URL(second.headers.get('location') ?? '').searchParams.get('error_code'), 'otp_expired')
  })

  test('links lead nowhere but to the console', async () => {
    await it.account('redirect@example.com')
    const foreign = [
      'https://evil.example/x', '//evil.example', 'http://127.0.0.1:3000@evil.example/', 'javascript:alert(1)',
      'http://127.0.0.1:30001/', 'http://someone@127.0.0.1:3000/',
    ]
    for (const place of foreign) {
      await it.call(`POST /recover?redirect_to=${encodeURIComponent(place)}`, { email: 'redirect@example.com' })
      const { action_link } = await it.mail('redirect@example.com')
      assert.equal(new URL(action_link).searchParams.get('redirect_to'), 'http://127.0.0.1:3000', place)
      const tampered = await it.call(`GET /verify?token=x&type=recovery&redirect_to=${encodeURIComponent(place)}`, undefined, {})
      assert.equal(new URL(tampered.headers.get('location') ?? '').origin, 'http://127.0.0.1:3000', place)
    }
  })

  test('with a code challenge a link gives a code, which only whoever asked can exchange, once, soon', async () => {
    const email = 'pkce@example.com'
    await it.account(email)
    const challenge = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')
    async function code(): Promise<string> {
      await it.call('POST /otp', { email, code_challenge: challenge('verifier'), code_challenge_method: 's256' })
      const link = (await it.mail(email)).action_link.replace(`${it.server.url}/auth/v1`, '')
      const { headers } = await it.call(`GET ${link}`, undefined, {})
      return new URL(headers.get('location') ?? '').searchParams.get('code') ?? ''
    }
    const exchange = (auth_code: string, code_verifier: string) => it.call('POST /token?grant_type=pkce', { auth_code, code_verifier })
    const first = await code()
    assert.equal((await exchange(first, 'a guess')).body.code, 'bad_code_verifier')
    assert.equal((await exchange(first, 'verifier')).status, 200)
    assert.equal((await exchange(first, 'verifier')).body.code, 'flow_state_not_found')
    const late = await code()
    it.wait(301)
    assert.equal((await exchange(late, 'verifier')).body.code, 'flow_state_not_found')
    assert.equal((await exchange('', 'verifier')).body.code, 'validation_failed')
  })

  test('the mailbox shows what was sent, newest first', async () => {
    const { body } = await it.call('GET /mailbox', undefined, { apikey: SECRET })
    assert.deepEqual(body.map((mail: { sent_at: string }) => mail.sent_at), body.map((mail: { sent_at: string }) => mail.sent_at).sort().reverse())
  })
})

withPostgres('a server without confirmations', () => {
  const it = withServer({ confirmationsNeeded: false })

  test('signs in at once, and says so of an address that somebody has', async () => {
    const email = 'quick@example.com'
    assert.ok((await it.client().signUp({ email, password: PASSWORD })).data.session)
    assert.equal((await it.client().signUp({ email, password: PASSWORD })).error?.code, 'user_already_exists')
  })
})

withPostgres('a server that takes no new accounts', () => {
  const it = withServer({ signupAllowed: false })

  test('refuses them', async () => {
    const refused = await it.client().signUp({ email: 'new@example.com', password: PASSWORD })
    assert.equal(refused.error?.code, 'signup_disabled')
    assert.equal((await it.client().signInWithOtp({ email: 'new@example.com' })).error?.code, 'otp_disabled')
  })
})
