//! What the server starts with, and what it refuses to start with.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { parseConfig, readConfig, configFile } from '../../src/config.js'
import { openKeys, rotateKeys } from '../../src/keys.js'
import { hashPassword, passwordMatches } from '../../src/passwords.js'
import { readSettings } from '../../src/settings.js'

const GOOD = {
  AUTH_DATABASE_URL: 'postgres://supabase_auth_admin@localhost/postgres?host=/run/postgresql',
  SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_0123456789',
  SUPABASE_SECRET_KEY: 'sb_secret_0123456789',
  IDENTITY_DIR: '/var/lib/identity',
}

test('good settings are taken', () => {
  assert.equal(readSettings(GOOD).port, 54321)
  assert.equal(readSettings({ ...GOOD, PORT: '0', NODE_ENV: 'test', ENVIRONMENT: 'development' }).port, 0)
})

test('the server never starts where people’s real accounts are', () => {
  for (const name of ['NODE_ENV', 'ENVIRONMENT']) {
    for (const value of ['production', 'staging', 'Production']) {
      assert.throws(() => readSettings({ ...GOOD, [name]: value }), /for development and tests only, use Supabase/, `${name}=${value}`)
    }
  }
  for (const name of ['K_SERVICE', 'CLOUD_RUN_JOB', 'VERCEL']) {
    assert.throws(() => readSettings({ ...GOOD, [name]: 'x' }), new RegExp(`${name} is set`))
  }
  for (const host of ['db.project.supabase.co', '10.0.0.1', 'localhost.evil.example']) {
    assert.throws(() => readSettings({ ...GOOD, AUTH_DATABASE_URL: `postgres://u:p@${host}/postgres` }), /of another machine/, host)
  }
})

test('all that is wrong is said at once, without any value', () => {
  const wrong = { ENVIRONMENT: 'production', AUTH_DATABASE_URL: 'nonsense', SUPABASE_SECRET_KEY: 'hunter2', PORT: '99999' }
  assert.throws(() => readSettings(wrong), (error: Error) => {
    assert.equal(error.message.split('\n').length, 7)
    assert.doesNotMatch(error.message, /hunter2|nonsense/)
    return true
  })
})

test('the configuration for Supabase says 900 seconds, rotation, confirmations and our hook', () => {
  const config = readConfig()
  assert.equal(config.accessTokenLifetime, 900)
  assert.equal(config.confirmationsNeeded, true)
  assert.equal(config.hook, '"private"."access_token_hook"')
  assert.match(readFileSync(configFile, 'utf8'), /^enable_refresh_token_rotation = true$/m)
})

test('a configuration that is wrong says where', () => {
  const text = readFileSync(configFile, 'utf8')
  const wrong = (from: RegExp, to: string) => () => parseConfig(text.replace(from, to))
  assert.throws(wrong(/jwt_expiry = 900/, 'jwt_expiry = "900"'), /auth\.jwt_expiry has to be a whole number/)
  assert.throws(wrong(/jwt_expiry = 900/, ''), /auth\.jwt_expiry/)
  assert.throws(wrong(/site_url = .*/, 'site_url = 1'), /auth\.site_url has to be a text/)
  assert.throws(wrong(/additional_redirect_urls = .*/, 'additional_redirect_urls = [1]'), /a list of texts/)
  assert.throws(wrong(/enable_confirmations = true/, ''), /auth\.email\.enable_confirmations has to be true or false/)
  assert.throws(wrong(/\[auth\.hook[^]*/, ''), /auth\.hook has to be a table/)
  assert.throws(wrong(/pg-functions:.*"/, 'https://example.com"'), /is no pg-functions/)
  assert.throws(wrong(/private\/access_token_hook/, 'private/x\\"; drop table y; --'), /is no pg-functions/)
  assert.equal(parseConfig(text.replace(/(custom_access_token\]\nenabled = )true/, '$1false')).hook, undefined)
})

test('passwords are checked by their own parameters, and hashes tell nothing', async () => {
  const [one, two] = [await hashPassword('pass wörd'), await hashPassword('pass wörd')]
  assert.notEqual(one, two)
  assert.ok(await passwordMatches('pass wo\u0308rd', one), 'however the umlaut was typed')
  for (const wrong of ['', 'Pass wörd', 'pass wörd ']) assert.equal(await passwordMatches(wrong, one), false)
  for (const stored of [null, undefined, '', 'plain', '$scrypt$x$y$z', '$2a$10$abc']) {
    assert.equal(await passwordMatches('', stored), false)
  }
})

test('signing keys are made once, read by their owner only, and rotate with an overlap', async () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'keys-')), 'below')
  const first = await openKeys(folder)
  assert.equal((await openKeys(folder)).kid, first.kid)
  assert.equal(statSync(path.join(folder, 'signing-keys.json')).mode & 0o777, 0o600)
  const second = await rotateKeys(folder)
  const now = await openKeys(folder)
  assert.deepEqual([now.kid, now.published.keys.map(key => key.kid)], [second, [second, first.kid]])
  const third = await rotateKeys(folder)
  assert.deepEqual((await openKeys(folder)).published.keys.map(key => key.kid), [third, second])
  writeFileSync(path.join(folder, 'signing-keys.json'), 'nonsense')
  await assert.rejects(openKeys(folder))
  rmSync(path.dirname(folder), { recursive: true })
})
