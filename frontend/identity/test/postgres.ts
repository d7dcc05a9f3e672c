//! Databases for tests: made from one that has all migrations, so that each file has its own within a moment.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { after, describe, test, type SuiteContext } from 'node:test'
import pg from 'pg'

const platform = process.env['PLATFORM_DATABASE_URL']
const MISSING = 'Postgres is missing; this brings it: sudo apt-get install -y postgresql'
const required = process.env['EMULATORS'] === 'required'

export const root = new URL('../../../../', import.meta.url).pathname
export const TEMPLATE = 'migrated'
export const BARE = 'bare'

/** The URL of another database of that server, for a role. */
export function urlOf(database: string, role: string): string {
  const url = new URL(platform ?? '')
  url.username = role
  url.pathname = `/${database}`
  return url.href
}

/** Tests that need Postgres: skipped by name where it is missing, failed where nothing may be missing. */
export function withPostgres(name: string, tests: (context: SuiteContext) => void): void {
  if (!platform && required) test(name, () => assert.fail(MISSING))
  else describe(name, { skip: platform ? false : MISSING }, tests)
}

/** One statement by the superuser. */
export async function asSuperuser(database: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(database, 'supabase_admin') })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** A new database like another one; the name of it. */
export async function newDatabase(template = TEMPLATE): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`
  await asSuperuser('postgres', `create database ${name} template ${template} owner postgres`)
  return name
}

/** What all tests begin with: a database as Supabase makes it, and one with all migrations. */
export async function prepare(): Promise<void> {
  for (const name of [BARE, TEMPLATE]) await asSuperuser('postgres', `create database ${name}`)
  for (const name of [BARE, TEMPLATE]) {
    const file = `${root}frontend/supabase/local/platform.sql`
    execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', file, urlOf(name, 'supabase_admin')])
  }
  const env = { ...process.env, DATABASE_URL: urlOf(TEMPLATE, 'postgres') }
  execFileSync(`${root}frontend/supabase/migrate.sh`, { env, stdio: 'pipe' })
}

/** A pool that ends with the suite. */
export function poolOf(database: () => string, role = 'postgres', options: pg.PoolConfig = {}): () => pg.Pool {
  let pool: pg.Pool | undefined
  after(() => pool?.end())
  return () => (pool ??= new pg.Pool({ connectionString: urlOf(database(), role), max: 40, ...options }))
}
