//! What functions, schemas and tables are open to whom, read from the catalogue.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { newDatabase, poolOf, withPostgres } from '../postgres.js'
import { FUNCTIONS } from './expectations.js'

const ROLES = ['anon', 'authenticated', 'service_role', 'supabase_auth_admin']

withPostgres('what is open to whom', () => {
  let database = ''
  const pool = poolOf(() => database)
  const names = async (text: string) => (await pool().query<{ name: string }>(text)).rows.map(row => row.name)

  before(async () => {
    database = await newDatabase()
  })

  test('each function may be called by whom the expectations say, anonymous users call none', async () => {
    const { rows } = await pool().query<{ name: string; role: string }>(
      `select nspname || '.' || proname as name, role
       from pg_proc join pg_namespace on pg_namespace.oid = pronamespace, unnest($1::text[]) role
       where nspname in ('public', 'private') and has_function_privilege(role, pg_proc.oid, 'execute')
       order by name, role`,
      [ROLES],
    )
    const found: Record<string, string[]> = {}
    for (const { name, role } of rows) (found[name] ??= []).push(role)
    assert.deepEqual(found, FUNCTIONS)
  })

  test('every function has an empty search path', async () => {
    const open = await names(
      `select proname as name from pg_proc where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and not coalesce('search_path=""' = any (proconfig), false)`,
    )
    assert.deepEqual(open, [])
  })

  test('every table has row security', async () => {
    const open = await names(
      `select relname as name from pg_class where relkind in ('r', 'p') and not relrowsecurity
       and relnamespace in ('public'::regnamespace, 'private'::regnamespace)`,
    )
    assert.deepEqual(open, [])
  })

  test('nobody has a right to empty a table, to refer to it or to put triggers on it', async () => {
    const found = await names(
      `select relname || ' ' || role || ' ' || privilege as name
       from pg_class, unnest('{anon,authenticated,service_role,supabase_auth_admin}'::text[]) role,
         unnest('{TRUNCATE,REFERENCES,TRIGGER}'::text[]) privilege
       where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and has_table_privilege(role, pg_class.oid, privilege)`,
    )
    assert.deepEqual(found, [])
  })

  test('a table and a function of a later migration are closed until it opens them', async () => {
    const client = await pool().connect()
    try {
      await client.query('begin')
      await client.query('create table public.later (); create function public.later() returns int language sql as $$ select 1 $$')
      const { rows } = await client.query(
        `select role from unnest($1::text[]) role where has_table_privilege(role, 'public.later', 'select, insert, update, delete')
         or has_function_privilege(role, 'public.later()', 'execute')`,
        [ROLES],
      )
      assert.deepEqual(rows, [])
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  test('triggers that guard and write the audit hold in replication too', async () => {
    const { rows } = await pool().query(
      `select tgrelid::regclass::text as table, tgname from pg_trigger
       where not tgisinternal and tgrelid::regclass::text !~ '^auth' and tgenabled <> 'A'`,
    )
    assert.deepEqual(rows, [])
  })

  test('the record of migrations is nobody else’s', async () => {
    const { rows } = await pool().query(
      `select role from unnest($1::text[]) role where has_schema_privilege(role, 'supabase_migrations', 'usage')`,
      [ROLES],
    )
    assert.deepEqual(rows, [])
  })
})
