//! The process itself: started, refused, stopped; its keys replaced between two starts.

import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { newDatabase, root, urlOf, withPostgres } from '../postgres.js'

const PROGRAMS = new URL('../../src/', import.meta.url).pathname
const KEYS = { SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_process', SUPABASE_SECRET_KEY: 'sb_secret_process' }

/** What a server that starts says of where it is. */
function placeOf(child: ChildProcess): Promise<string> {
  return new Promise((found, fail) => {
    child.stdout?.on('data', (data: Buffer) => {
      const place = /http:\S+/.exec(data.toString())?.[0]
      if (place) found(place)
    })
    child.on('close', code => fail(new Error(`ended with ${code}`)))
  })
}

withPostgres('the process', () => {
  let env: Record<string, string> = {}
  const folder = mkdtempSync(path.join(tmpdir(), 'process-'))
  // Postgres runs as another user where the tests run as root.
  chmodSync(folder, 0o711)
  const children: ChildProcess[] = []

  before(async () => {
    const AUTH_DATABASE_URL = urlOf(await newDatabase(), 'supabase_auth_admin')
    env = { PATH: process.env['PATH'] ?? '', AUTH_DATABASE_URL, IDENTITY_DIR: folder, PORT: '0', ...KEYS }
  })
  after(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  function program(name: string, more: Record<string, string> = {}) {
    const child = spawn(process.execPath, [`${PROGRAMS}${name}.js`], { env: { ...env, ...more } })
    children.push(child)
    const ended = new Promise<{ code: number | null; said: string }>(done => {
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (said += data))
      child.on('close', code => done({ code, said }))
    })
    return { child, ended }
  }

  /** Starts the server; where it is. */
  async function start() {
    const { child, ended } = program('main')
    return { url: await placeOf(child), child, ended }
  }

  async function post(place: string, body: unknown) {
    const headers = { 'content-type': 'application/json', apikey: KEYS.SUPABASE_SECRET_KEY }
    const answer = await fetch(place, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await answer.json()) as { access_token: string; refresh_token: string }
  }

  test('listens on this machine only, serves, and ends at SIGTERM with nothing wrong', async () => {
    const { url, child, ended } = await start()
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/auth\/v1$/)
    assert.equal((await fetch(`${url}/health`)).status, 200)
    child.kill('SIGTERM')
    assert.equal((await ended).code, 0)
  })

  test('refuses production, and says why', async () => {
    const { code, said } = await program('main', { ENVIRONMENT: 'production' }).ended
    assert.equal(code, 1)
    assert.match(said, /ENVIRONMENT is production: this server is for development and tests only/)
    assert.doesNotMatch(said, /sb_secret/)
  })

  test('says of a port that is taken what it is', async () => {
    const { url, child, ended } = await start()
    const second = await program('main', { PORT: new URL(url).port }).ended
    assert.deepEqual([second.code, /EADDRINUSE/.test(second.said)], [1, true])
    child.kill('SIGTERM')
    await ended
  })

  test('after its key was replaced, tokens of the key before verify until they end', async () => {
    const account = { email: 'a@example.com', password: 'a long password', email_confirm: true }
    const first = await start()
    await post(`${first.url}/admin/users`, account)
    const { port } = new URL(first.url)
    const before = await post(`${first.url}/token?grant_type=password`, account)
    first.child.kill('SIGTERM')
    await first.ended
    assert.equal((await program('rotate-key').ended).code, 0)

    env = { ...env, PORT: port }
    const second = await start()
    const now = await post(`${second.url}/token?grant_type=refresh_token`, { refresh_token: before.refresh_token })
    const keys = createRemoteJWKSet(new URL(`${second.url}/.well-known/jwks.json`))
    const headers = []
    for (const { access_token } of [before, now]) headers.push((await jwtVerify(access_token, keys)).protectedHeader.kid)
    assert.notEqual(headers[0], headers[1])
    const own = await fetch(`${second.url}/user`, { headers: { apikey: KEYS.SUPABASE_SECRET_KEY, authorization: `Bearer ${before.access_token}` } })
    assert.equal(own.status, 200)
    second.child.kill('SIGTERM')
    await second.ended
  })

  test('replacing a key needs to know where', async () => {
    assert.equal((await program('rotate-key', { IDENTITY_DIR: '' }).ended).code, 2)
  })

  test('scripts/identity keeps accounts and keys from one start to the next', async () => {
    const account = { email: 'kept@example.com', password: 'a long password', email_confirm: true }
    const found = []
    for (const round of [1, 2]) {
      const child = spawn(`${root}scripts/identity`, { env: { ...process.env, IDENTITY_DIR: folder, PORT: '0' }, detached: true })
      children.push(child)
      const ended = new Promise(done => child.on('close', done))
      const url = await placeOf(child)
      const settings = Object.fromEntries(readFileSync(path.join(folder, 'env'), 'utf8').trim().split('\n').map(line => line.split(/=(.*)/).slice(0, 2)))
      assert.equal(statSync(path.join(folder, 'env')).mode & 0o777, 0o600)
      const headers = { 'content-type': 'application/json', apikey: settings['SUPABASE_SECRET_KEY'] }
      const send = (place: string) => fetch(url + place, { method: 'POST', headers, body: JSON.stringify(account) })
      if (round === 1) assert.equal((await send('/admin/users')).status, 200)
      assert.equal((await send('/token?grant_type=password')).status, 200)
      found.push([settings['SUPABASE_SECRET_KEY'], await (await fetch(`${url}/.well-known/jwks.json`)).text()])
      child.kill('SIGTERM')
      await ended
    }
    assert.deepEqual(found[0], found[1])
  })
})
