//! The access-token hook: the same function of Postgres that Supabase Auth calls, called as it does.

import type { Context } from '../context.js'
import type { Sql } from '../database.js'
import { AuthError } from '../errors.js'

export type Claims = Record<string, unknown>

interface Answer {
  claims?: Claims
  error?: { http_code?: number; message?: string }
}

/** Claims without which Supabase Auth issues no token. */
const REQUIRED = ['aud', 'exp', 'iat', 'sub', 'email', 'phone', 'role', 'aal', 'session_id', 'is_anonymous']

const TIMED_OUT = '57014'

const unexpected = (message: string, status = 500) => new AuthError(status, 'unexpected_failure', message)

/** Two seconds, as Supabase grants; inside the transaction that makes the session. */
async function call(sql: Sql, name: string, event: unknown): Promise<Answer> {
  await sql.query("set local statement_timeout = '2s'")
  try {
    const rows = await sql.query<{ answer: Answer }>(`select ${name}($1) as answer`, [JSON.stringify(event)])
    await sql.query('set local statement_timeout = default')
    return rows.rows[0]?.answer ?? {}
  } catch (error) {
    if ((error as { code?: string }).code !== TIMED_OUT) throw error
    throw new AuthError(422, 'hook_timeout', 'Failed to reach hook within maximum time of 2.000000 seconds')
  }
}

/** What the hook makes of these claims; they themselves where none is configured. */
export async function throughHook(context: Context, sql: Sql, claims: Claims, method: string): Promise<Claims> {
  const { hook } = context.config
  if (hook === undefined) return claims
  const answer = await call(sql, hook, { user_id: claims['sub'], claims, authentication_method: method })
  if (answer.error) throw unexpected(answer.error.message ?? 'the hook refused', answer.error.http_code)
  const made = answer.claims
  if (!made) throw unexpected('the hook answered no claims')
  const missing = REQUIRED.filter(name => made[name] === undefined)
  if (missing.length > 0) throw unexpected(`the hook left out the claims ${missing.join(', ')}`)
  return made
}
