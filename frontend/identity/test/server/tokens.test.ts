//! Access tokens: what they say, who can verify them, and which ones are refused.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { createRemoteJWKSet, decodeJwt, generateKeyPair, jwtVerify, SignJWT, type JWTPayload } from 'jose'
import { newOrganization } from '../people.js'
import { withPostgres } from '../postgres.js'
import { PUBLISHABLE, SECRET, withServer } from './harness.js'

withPostgres('access tokens', () => {
  const it = withServer()
  const user = (token: string) => it.call('GET /user', undefined, { apikey: PUBLISHABLE, authorization: `Bearer ${token}` })

  async function entered(email: string) {
    const id = await it.account(email)
    return { person: { id, email }, ...(await it.signIn(email)).body }
  }

  test('they are ES256, live 900 seconds and verify by the published keys alone', async () => {
    const { person, access_token, expires_in, expires_at } = await entered('claims@example.com')
    const keys = createRemoteJWKSet(new URL(`${it.server.url}/auth/v1/.well-known/jwks.json`))
    const wanted = { algorithms: ['ES256'], issuer: `${it.server.url}/auth/v1`, audience: 'authenticated' }
    const { payload, protectedHeader } = await jwtVerify(access_token, keys, wanted)
    assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ'])
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 900)
    assert.deepEqual([expires_in, expires_at], [900, payload.exp])
    const { exp: _, iat: __, iss: ___, amr, session_id, ...rest } = payload
    assert.match(String(session_id), /^[0-9a-f-]{36}$/)
    assert.equal((amr as { method: string }[])[0]?.method, 'password')
    assert.deepEqual(rest, {
      sub: person.id,
      aud: ['authenticated'],
      role: 'authenticated',
      email: 'claims@example.com',
      phone: '',
      aal: 'aal1',
      is_anonymous: false,
      user_metadata: {},
      app_metadata: {
        provider: 'email',
        providers: ['email'],
        organizations: {},
        organizations_complete: true,
        active_organization: null,
        email_confirmed: true,
      },
    })
  })

  test('the published keys hold no private half', async () => {
    const { body, headers } = await it.call('GET /.well-known/jwks.json', undefined, {})
    assert.deepEqual(body.keys.map((key: object) => Object.keys(key).sort()), [
      ['alg', 'crv', 'key_ops', 'kid', 'kty', 'use', 'x', 'y'],
    ])
    assert.equal(headers.get('cache-control'), 'public, max-age=600')
  })

  test('they say where the person is what, and no longer once removed, from the next token on', async () => {
    const { person, refresh_token } = await entered('member@example.com')
    const owner = { id: await it.account('boss@example.com'), email: 'boss@example.com' }
    const slug = await newOrganization(it.pool, [[owner, 'owner'], [person, 'admin']])
    const second = (await it.refresh(refresh_token)).body
    const organizations = (token: string) => (decodeJwt(token)['app_metadata'] as JWTPayload)['organizations']
    assert.deepEqual(organizations(second.access_token), { [slug]: 'admin' })
    await it.pool.query('delete from organization_members where person = $1', [person.id])
    const third = (await it.refresh(second.refresh_token)).body
    assert.deepEqual(organizations(third.access_token), {})
  })

  test('nobody writes a role into a token through metadata', async () => {
    const email = 'climber@example.com'
    const { person } = await entered(email)
    const claimed = { organizations: { acme: 'owner' }, active_organization: 'acme', role: 'service_role' }
    await it.client(SECRET).admin.updateUserById(person.id, { app_metadata: claimed })
    const client = it.client()
    await client.signInWithPassword({ email, password: 'correct horse battery staple' })
    await client.updateUser({ data: { ...claimed, app_metadata: claimed } })
    const { data } = await client.refreshSession()
    const claims = decodeJwt(data.session?.access_token ?? '')
    const found = claims['app_metadata'] as JWTPayload
    assert.deepEqual([claims['role'], found['organizations'], found['active_organization']], ['authenticated', {}, null])
  })

  test('tokens of nobody, of another key, issuer or audience, or of yesterday are refused', async () => {
    const { access_token } = await entered('forged@example.com')
    const claims = decodeJwt(access_token)
    const [header = '', body = '', signature = ''] = access_token.split('.')
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const { keys } = (await it.call('GET /.well-known/jwks.json', undefined, {})).body
    const { kid } = JSON.parse(atob(header))
    const other = (await generateKeyPair('ES256')).privateKey
    const signed = (payload: JWTPayload) => new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(other)
    const symmetric = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).sign(Buffer.from(JSON.stringify(keys[0])))
    const forged = {
      none: `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
      'another key': await signed(claims),
      'the public key as a secret': await symmetric,
      'changed claims': `${header}.${encode({ ...claims, sub: randomUUID() })}.${signature}`,
      'no token at all': 'x',
    }
    for (const [name, token] of Object.entries(forged)) {
      const answer = await user(token)
      assert.deepEqual([answer.status, answer.body.code], [403, 'bad_jwt'], name)
    }
    assert.equal((await user(access_token)).status, 200)
    it.wait(901)
    assert.equal((await user(access_token)).body.message, 'invalid JWT: token is expired')
    assert.equal((await it.call('GET /user')).body.code, 'no_authorization')
  })
})

withPostgres('the hook of a token', () => {
  const it = withServer({ hook: '"public"."hook_of_a_test"' })

  /** Signs in while the hook is this. */
  async function signIn(hook: string) {
    await it.pool.query(`create or replace function public.hook_of_a_test(event jsonb) returns jsonb language plpgsql as $$ ${hook} $$`)
    await it.pool.query('grant execute on function public.hook_of_a_test to supabase_auth_admin')
    return it.signIn('hooked@example.com')
  }

  test('is told who, which claims and how, and decides what the claims are', async () => {
    await it.account('hooked@example.com')
    const echo = `begin return jsonb_build_object('claims', event -> 'claims' || jsonb_build_object('event', event - 'claims')); end`
    const { body } = await signIn(echo)
    const claims = decodeJwt(body.access_token)
    assert.deepEqual(claims['event'], { user_id: body.user.id, authentication_method: 'password' })
    const refreshed = decodeJwt((await it.refresh(body.refresh_token)).body.access_token)
    assert.deepEqual((refreshed['event'] as JWTPayload)['authentication_method'], 'token_refresh')
  })

  test('that refuses, takes too long, breaks or answers nonsense begins no session', async () => {
    const before = (await it.pool.query('select count(*) from auth.sessions')).rows
    const refusal = `begin return '{"error": {"http_code": 403, "message": "not today"}}'; end`
    const refused = await signIn(refusal)
    assert.deepEqual([refused.status, refused.body.message], [403, 'not today'])
    const slow = await signIn(`begin perform pg_sleep(10); return event; end`)
    assert.deepEqual([slow.status, slow.body.code], [422, 'hook_timeout'])
    for (const broken of [`begin raise 'a secret'; end`, `begin return '{}'; end`, `begin return '{"claims": {"sub": "x"}}'; end`]) {
      const answer = await signIn(broken)
      assert.deepEqual([answer.status, answer.body.code], [500, 'unexpected_failure'])
      assert.doesNotMatch(answer.body.message, /secret/)
    }
    assert.deepEqual((await it.pool.query('select count(*) from auth.sessions')).rows, before)
  })
})

withPostgres('a server whose tokens would live longer than a removed member may', () => {
  const it = withServer({ accessTokenLifetime: 3600 })

  test('issues none', async () => {
    await it.account('long@example.com')
    const { status, body } = await it.signIn('long@example.com')
    assert.deepEqual([status, body.message], [500, 'Access tokens must live at most 900 seconds: set the JWT expiry to that.'])
  })
})
