//! POST /token?grant_type=password|refresh_token|pkce: tokens for a password, a refresh token, a code.

import { createHash } from 'node:crypto'
import { later, type Context } from '../context.js'
import { AuthError, invalid } from '../errors.js'
import { body, text, type Json } from '../input.js'
import { passwordMatches } from '../passwords.js'
import { begin } from '../sessions.js'
import { refresh } from '../tokens/refresh.js'
import { address, findByEmail, getById } from '../users.js'
import type { Route } from './route.js'

/** Seconds in which a code has to be exchanged. */
const CODE_LIFETIME = 300

async function byPassword(context: Context, given: Json) {
  const { database } = context
  const user = await findByEmail(database.sql, address(given['email']))
  const right = await passwordMatches(text(given, 'password') ?? '', user?.encrypted_password)
  if (!user || !right) throw new AuthError(400, 'invalid_credentials', 'Invalid login credentials')
  if (!user.email_confirmed_at) throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed')
  return database.transaction(sql => begin(context, sql, user, 'password'))
}

async function byRefreshToken(context: Context, given: Json) {
  const secret = text(given, 'refresh_token')
  if (!secret) throw invalid('refresh_token required')
  return refresh(context, secret)
}

async function byCode(context: Context, given: Json) {
  const [code, verifier] = [text(given, 'auth_code'), text(given, 'code_verifier')]
  if (!code || !verifier) throw invalid('invalid request: both auth code and code verifier should be non-empty')
  return context.database.transaction(async sql => {
    const taken = 'delete from auth.flow_state where auth_code = $1 returning user_id, code_challenge, created_at'
    const [flow] = (await sql.query<{ user_id: string; code_challenge: string; created_at: Date }>(taken, [code])).rows
    if (!flow || later(flow.created_at, CODE_LIFETIME) < context.now()) {
      throw new AuthError(404, 'flow_state_not_found', 'invalid flow state, no valid flow state found')
    }
    if (createHash('sha256').update(verifier).digest('base64url') !== flow.code_challenge) {
      const message = 'code challenge does not match previously saved code verifier'
      throw new AuthError(400, 'bad_code_verifier', message)
    }
    return begin(context, sql, await getById(sql, flow.user_id), 'otp')
  })
}

const GRANTS: Record<string, (context: Context, given: Json) => Promise<Json>> = {
  password: byPassword,
  refresh_token: byRefreshToken,
  pkce: byCode,
}

export const token: Route = context => async request => {
  const grant = GRANTS[request.req.query('grant_type') ?? '']
  if (!grant) throw new AuthError(400, 'validation_failed', 'unsupported_grant_type')
  return request.json(await grant(context, await body(request)))
}
