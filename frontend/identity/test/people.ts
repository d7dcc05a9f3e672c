//! People and organizations in a database of a test, and statements on somebody's behalf.

import { randomUUID } from 'node:crypto'
import type pg from 'pg'

export type Role = 'viewer' | 'member' | 'admin' | 'owner'
export const ROLES: Role[] = ['viewer', 'member', 'admin', 'owner']

export interface Person {
  id: string
  email: string
}

/** On whose behalf statements are: nobody's, a person's, the secret key's. */
export type Caller = 'anon' | 'service_role' | Person

const roleOf = (caller: Caller) => (typeof caller === 'string' ? caller : 'authenticated')

type Work<T> = (sql: pg.ClientBase) => Promise<T>

interface How {
  isolation?: string
  /** Leaves nothing of it. */
  undo?: boolean
}

/** As the database API does it: the caller's role and claims, for one transaction. */
export async function as<T>(pool: pg.Pool, caller: Caller, work: Work<T>, how: How = {}): Promise<T> {
  const client = await pool.connect()
  const role = roleOf(caller)
  const claims = typeof caller === 'string' ? { role } : { role, sub: caller.id, email: caller.email }
  try {
    await client.query(`begin isolation level ${how.isolation ?? 'read committed'}`)
    await client.query(`select set_config('request.jwt.claims', $1, true), set_config('role', $2, true)`, [
      JSON.stringify(claims),
      role,
    ])
    const result = await work(client)
    await client.query(how.undo ? 'rollback' : 'commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

/** What a refusal says to programs: the code that our functions give, else the one of Postgres. */
export function codeOf(error: unknown): string {
  const { code = '', detail } = error as { code?: string; detail?: string }
  return code.startsWith('PT') ? (detail ?? code) : code
}

/** The code of the refusal, or `done`. */
export const outcome = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', codeOf)

export async function newPerson(pool: pg.Pool, name = 'person', confirmed = true): Promise<Person> {
  const person = { id: randomUUID(), email: `${name}-${randomUUID().slice(0, 8)}@example.com` }
  const text = 'insert into auth.users (id, email, email_confirmed_at) values ($1, $2, $3)'
  await pool.query(text, [person.id, person.email, confirmed ? new Date() : null])
  return person
}

let made = 0

/** An organization with these members; the first one is its founder and owner. */
export async function newOrganization(pool: pg.Pool, members: [Person, Role][], seats = 1000): Promise<string> {
  const slug = `org_${process.pid}_${made++}`
  const [founder] = members
  if (!founder) throw new Error('an organization has a founder')
  const register = 'select public.register_organization($1, $2, 1, $3, $4, $5, $6)'
  await pool.query(register, [slug, founder[0].id, `${slug} & Söhne`, 'starter', 'TRIAL', seats])
  for (const [person, role] of members.slice(1)) await join(pool, slug, person, role)
  return slug
}

/** Makes somebody a member behind every guard of callers, but not behind the triggers. */
export async function join(pool: pg.Pool, slug: string, person: Person, role: Role): Promise<void> {
  const text = 'insert into public.organization_members (organization, person, role) values ($1, $2, $3)'
  await pool.query(text, [slug, person.id, role])
}
