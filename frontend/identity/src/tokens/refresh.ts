//! Refresh tokens: each is used once and makes the next. One that is used again later is in two hands: its session ends.

import { later, type Context } from '../context.js'
import type { Sql } from '../database.js'
import { AuthError } from '../errors.js'
import { hashOf, newSecret } from '../random.js'
import { tokens, type Session } from '../sessions.js'
import { getById } from '../users.js'

interface RefreshToken extends Session {
  token: string
  revoked_at: Date | null
}

export async function newRefreshToken(context: Context, sql: Sql, session: Session): Promise<string> {
  const secret = newSecret()
  const text = 'insert into auth.refresh_tokens (session_id, token_hash, created_at) values ($1, $2, $3)'
  await sql.query(text, [session.id, hashOf(secret), context.now()])
  return secret
}

/** The token and its session, both held until the transaction ends: of two uses the second one waits. */
async function take(sql: Sql, secret: string): Promise<RefreshToken> {
  const text = `select s.*, t.id as token, t.revoked_at
    from auth.refresh_tokens t join auth.sessions s on s.id = t.session_id
    where t.token_hash = $1 for update`
  const [found] = (await sql.query<RefreshToken>(text, [hashOf(secret)])).rows
  if (found) return found
  throw new AuthError(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found')
}

/** Whether its use is too late: it was used before, and not just now. */
function stolen(context: Context, { revoked_at }: RefreshToken): boolean {
  return revoked_at !== null && later(revoked_at, context.config.refreshReuse) < context.now()
}

/** New tokens for a refresh token. */
export async function refresh(context: Context, secret: string) {
  const now = context.now()
  const result = await context.database.transaction(async sql => {
    const token = await take(sql, secret)
    if (stolen(context, token)) {
      await sql.query('delete from auth.sessions where id = $1', [token.id])
      return undefined
    }
    await sql.query('update auth.refresh_tokens set revoked_at = coalesce(revoked_at, $2) where id = $1', [token.token, now])
    await sql.query('update auth.sessions set refreshed_at = $2 where id = $1', [token.id, now])
    const user = await getById(sql, token.user_id)
    if (user.banned_until && user.banned_until > now) throw new AuthError(400, 'user_banned', 'User is banned')
    return tokens(context, sql, user, token, 'token_refresh')
  })
  if (result) return result
  // Outside the transaction: the session's end must hold.
  throw new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used')
}
