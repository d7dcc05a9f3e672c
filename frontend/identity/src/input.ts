//! What requests bring: bodies, who asks, passwords that are good enough.

import type { Context as Request } from 'hono'
import type { Context } from './context.js'
import { AuthError, badJwt, invalid } from './errors.js'
import { hashPassword } from './passwords.js'
import { verifyAccessToken } from './tokens/access.js'
import { findById, type User } from './users.js'

export type Json = Record<string, unknown>

/** The body as a JSON object; none is an empty one. */
export async function body(request: Request): Promise<Json> {
  const text = await request.req.text()
  if (text === '') return {}
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    throw new AuthError(400, 'bad_json', 'Could not parse request body as JSON')
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw invalid('the body has to be a JSON object')
  return read as Json
}

/** A member that is a text, or absent. */
export function text(body: Json, name: string): string | undefined {
  const it = body[name]
  if (it === undefined || it === null) return undefined
  if (typeof it !== 'string') throw invalid(`${name} has to be a text`)
  return it
}

/** A member that is an object; `{}` if absent. */
export function object(body: Json, name: string): Json {
  const it = body[name]
  if (it === undefined || it === null) return {}
  if (typeof it !== 'object' || Array.isArray(it)) throw invalid(`${name} has to be an object`)
  return it as Json
}

export function bearer(request: Request): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.req.header('authorization') ?? '')?.[1]
}

/** Whose access token this is, while their session lasts. */
export async function signedIn(context: Context, request: Request): Promise<{ user: User; session: string }> {
  const token = bearer(request)
  if (!token) throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token')
  const claims = await verifyAccessToken(context, token)
  const session = String(claims['session_id'])
  const user = await findById(context.database.sql, String(claims.sub))
  if (!user) throw badJwt('User from sub claim in JWT does not exist')
  const sessions = await context.database.sql.query('select from auth.sessions where id = $1 and user_id = $2', [session, user.id])
  if (sessions.rowCount === 0) {
    throw new AuthError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist')
  }
  return { user, session }
}

/** The hash of a new password. */
export async function goodPassword({ config }: Context, password: string | undefined): Promise<string> {
  if (password === undefined || password === '') throw invalid('Signup requires a valid password')
  if (password.length < config.minimumPasswordLength) {
    const message = `Password should be at least ${config.minimumPasswordLength} characters.`
    throw new AuthError(422, 'weak_password', message, { weak_password: { reasons: ['length'] } })
  }
  // As Supabase, which hashes with bcrypt.
  if (Buffer.byteLength(password) > 72) throw invalid('Password cannot be longer than 72 characters')
  return hashPassword(password)
}
