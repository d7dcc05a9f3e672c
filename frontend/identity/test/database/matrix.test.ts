//! The matrix of roles, tables and operations, made from expectations.ts and from what the database has.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { as, newOrganization, newPerson, type Caller, type Person } from '../people.js'
import { newDatabase, poolOf, withPostgres } from '../postgres.js'
import { SUBJECTS, TABLES, type Subject } from './expectations.js'

withPostgres('who may do what with which table', () => {
  let database = ''
  const pool = poolOf(() => database)
  const callers = {} as Record<Subject, Caller>
  const bound: Record<string, string> = {}

  before(async () => {
    database = await newDatabase()
    const names = ['viewer', 'member', 'admin', 'owner', 'outsider', 'colleague', 'stranger']
    const people = await Promise.all(names.map(name => newPerson(pool(), name)))
    const [viewer, member, admin, owner, outsider, colleague, stranger] = people as [
      Person, Person, Person, Person, Person, Person, Person,
    ]
    const organization = await newOrganization(pool(), [
      [owner, 'owner'], [admin, 'admin'], [member, 'member'], [viewer, 'viewer'], [colleague, 'member'],
    ])
    await newOrganization(pool(), [[outsider, 'owner'], [stranger, 'owner']])
    await as(pool(), owner, sql => sql.query(`select create_invite($1, 'invited@example.com', 'member')`, [organization]))
    Object.assign(callers, { anon: 'anon', service_role: 'service_role', outsider, viewer, member, admin, owner })
    Object.assign(bound, { organization, person: colleague.id, stranger: stranger.id })
  })

  /** A statement with its values written in. */
  function written(text: string, own = ''): string {
    const values: Record<string, string> = { ...bound, own }
    return text.replace(/:(\w+)\b/g, (_, name: string) => `'${values[name]}'`)
  }

  /** How many rows a statement of a caller reaches; undone at once. */
  async function reached(subject: Subject, text: string): Promise<number> {
    const caller = callers[subject]
    const own = typeof caller === 'string' ? '00000000-0000-0000-0000-000000000000' : caller.id
    const statement = written(text, own)
    const rows = as(pool(), caller, async sql => (await sql.query(statement)).rowCount ?? 0, { undo: true })
    return rows.catch((error: { code: string; message: string }) => {
      // Refused for want of rights, or by a guard: no mistake in the statement.
      assert.match(error.code, /^(42501|PT4\d\d)$/, `${subject}: ${statement}: ${error.message}`)
      return 0
    })
  }

  /** Columns, each with a value that it can always be set to. */
  async function columnsOf(table: string): Promise<{ column: string; value: string }[]> {
    const text = `select attname as column, case attidentity when '' then attname else 'default' end as value
      from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`
    return (await pool().query<{ column: string; value: string }>(text, [`public.${table}`])).rows
  }

  async function compare(text: string, allowed: Subject[]): Promise<void> {
    for (const subject of SUBJECTS) {
      const rows = await reached(subject, text)
      assert.equal(rows > 0, allowed.includes(subject), `${subject}: ${text} reaches ${rows}`)
    }
  }

  test('every table, view and sequence has an expectation', async () => {
    const text = `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p', 'f')`
    const { rows } = await pool().query<{ relname: string }>(text)
    assert.deepEqual(rows.map(row => row.relname).sort(), Object.keys(TABLES).sort())
  })

  for (const [table, expected] of Object.entries(TABLES)) {
    test(`${table}: who reads which columns`, async () => {
      for (const { column } of await columnsOf(table)) {
        const allowed = expected.hidden?.includes(column) ? [] : expected.read
        await compare(`select ${column} from ${table} where ${expected.where}`, allowed)
      }
    })

    test(`${table}: the insert that is refused would be right`, async () => {
      const statement = written(expected.insert)
      const client = await pool().connect()
      await client.query('begin')
      const { rowCount } = await client.query(statement).finally(() => client.query('rollback').then(() => client.release()))
      assert.equal(rowCount, 1)
    })

    test(`${table}: who adds, removes and empties`, async () => {
      await compare(expected.insert, expected.write)
      await compare(`delete from ${table} where ${expected.where}`, expected.remove)
      await compare(`truncate ${table} cascade`, [])
    })

    test(`${table}: who changes which columns`, async () => {
      for (const { column, value } of await columnsOf(table)) {
        await compare(`update ${table} set ${column} = ${value} where ${expected.where}`, expected.change[column] ?? [])
      }
    })

    if (!expected.changeOwn) continue
    test(`${table}: who changes which columns of their own row`, async () => {
      const own = table === 'people' ? 'id = :own' : 'person = :own and organization = :organization'
      for (const { column, value } of await columnsOf(table)) {
        await compare(`update ${table} set ${column} = ${value} where ${own}`, expected.changeOwn?.[column] ?? [])
      }
    })
  }
})
