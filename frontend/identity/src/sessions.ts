//! Sessions: begun by a proof of who one is, carried on by refresh tokens, ended by signing out.

import { later, seconds, type Context } from './context.js'
import type { Sql } from './database.js'
import { AuthError } from './errors.js'
import { accessToken } from './tokens/access.js'
import { newRefreshToken } from './tokens/refresh.js'
import { shown, updateUser, type User } from './users.js'

export interface Session {
  id: string
  user_id: string
  /** How it was begun: `password` or `otp`. */
  method: string
  created_at: Date
}

/** What a client gets whenever it gets tokens. */
export async function tokens(context: Context, sql: Sql, user: User, session: Session, method: string) {
  const access_token = await accessToken(context, sql, user, session, method)
  const lifetime = context.config.accessTokenLifetime
  return {
    access_token,
    token_type: 'bearer',
    expires_in: lifetime,
    expires_at: seconds(later(context.now(), lifetime)),
    refresh_token: await newRefreshToken(context, sql, session),
    user: shown(user),
  }
}

/** Begins a session for somebody who proved who they are. */
export async function begin(context: Context, sql: Sql, user: User, method: string) {
  const now = context.now()
  if (user.banned_until && user.banned_until > now) throw new AuthError(400, 'user_banned', 'User is banned')
  const signedIn = await updateUser(sql, user.id, { last_sign_in_at: now })
  const text = 'insert into auth.sessions (user_id, method, created_at) values ($1, $2, $3) returning *'
  const [session] = (await sql.query<Session>(text, [user.id, method, now])).rows
  if (!session) throw new Error('a session was not made')
  return tokens(context, sql, signedIn, session, method)
}

/** Which sessions somebody ends: all, this one, or all but this one. */
export type Scope = 'global' | 'local' | 'others'

const ENDED: Record<Scope, string> = {
  global: 'user_id = $1 and $2::uuid is not null',
  local: 'user_id = $1 and id = $2',
  others: 'user_id = $1 and id <> $2',
}

export async function end(sql: Sql, user: string, session: string, scope: Scope): Promise<void> {
  await sql.query(`delete from auth.sessions where ${ENDED[scope]}`, [user, session])
}
