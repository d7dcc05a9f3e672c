//! Accounts: rows of `auth.users`, and how answers show them.

import type { Sql } from './database.js'
import { AuthError, emailExists, invalid, userNotFound } from './errors.js'

type Json = Record<string, unknown>

export interface User {
  id: string
  aud: string
  role: string
  email: string
  encrypted_password: string | null
  email_confirmed_at: Date | null
  invited_at: Date | null
  confirmation_sent_at: Date | null
  recovery_sent_at: Date | null
  email_change: string | null
  last_sign_in_at: Date | null
  banned_until: Date | null
  raw_app_meta_data: Json
  raw_user_meta_data: Json
  created_at: Date
  updated_at: Date
}

/** An account as the protocol shows it: to itself and to administrators. */
export function shown(user: User): Json {
  const times = { created_at: user.created_at, updated_at: user.updated_at, last_sign_in_at: user.last_sign_in_at }
  return {
    id: user.id,
    aud: user.aud,
    role: user.role,
    email: user.email,
    phone: '',
    email_confirmed_at: user.email_confirmed_at,
    confirmed_at: user.email_confirmed_at,
    invited_at: user.invited_at,
    confirmation_sent_at: user.confirmation_sent_at,
    recovery_sent_at: user.recovery_sent_at,
    new_email: user.email_change ?? undefined,
    banned_until: user.banned_until ?? undefined,
    app_metadata: user.raw_app_meta_data,
    user_metadata: user.raw_user_meta_data,
    identities: [
      {
        identity_id: user.id,
        id: user.id,
        user_id: user.id,
        provider: 'email',
        identity_data: { email: user.email, sub: user.id, email_verified: user.email_confirmed_at !== null },
        ...times,
      },
    ],
    is_anonymous: false,
    ...times,
  }
}

/** An address in the form that accounts are found by. */
export function address(given: unknown): string {
  const email = typeof given === 'string' ? given.trim().toLowerCase() : ''
  if (!/^[^@\s]+@[^@\s]+$/.test(email) || email.length > 254) {
    throw invalid('Unable to validate email address: invalid format')
  }
  return email
}

export async function findByEmail(sql: Sql, email: string): Promise<User | undefined> {
  return (await sql.query<User>('select * from auth.users where email = $1', [email])).rows[0]
}

export async function findById(sql: Sql, id: string): Promise<User | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined
  return (await sql.query<User>('select * from auth.users where id = $1', [id])).rows[0]
}

export async function getById(sql: Sql, id: string): Promise<User> {
  const user = await findById(sql, id)
  if (!user) throw userNotFound()
  return user
}

/** Columns that change; names are ours, never a caller's. */
export type Change = Partial<Omit<User, 'id'>>

const clashes = (error: unknown) => (error as { code?: string }).code === '23505'

/** @throws 422 `email_exists` for an address that somebody has */
export async function insertUser(sql: Sql, columns: Change): Promise<User> {
  const names = Object.keys(columns)
  const places = names.map((_, at) => `$${at + 1}`)
  const text = `insert into auth.users (${names.join(', ')}) values (${places.join(', ')}) returning *`
  return one(sql, text, Object.values(columns))
}

/** @throws 422 `email_exists` for an address that somebody has */
export async function updateUser(sql: Sql, id: string, columns: Change): Promise<User> {
  const names = Object.keys(columns)
  const sets = names.map((name, at) => `${name} = $${at + 2}`)
  const text = `update auth.users set ${sets.join(', ')} where id = $1 returning *`
  return one(sql, text, [id, ...Object.values(columns)])
}

async function one(sql: Sql, text: string, values: unknown[]): Promise<User> {
  const rows = await sql.query<User>(text, values).catch((error: unknown) => {
    throw clashes(error) ? emailExists() : error
  })
  const [user] = rows.rows
  if (!user) throw userNotFound()
  return user
}

/** What deleting an account is refused for by the database, as the protocol says it. */
export async function deleteUser(sql: Sql, id: string): Promise<void> {
  await sql.query('delete from auth.users where id = $1', [id]).catch((error: { code?: string; message: string }) => {
    const status = /^PT(4\d\d)$/.exec(error.code ?? '')?.[1]
    throw status ? new AuthError(Number(status), 'conflict', error.message) : error
  })
}
