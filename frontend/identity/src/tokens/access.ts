//! Access tokens: what they say, signed and verified.

import { SignJWT, errors, jwtVerify, type JWTPayload } from 'jose'
import { seconds, type Context } from '../context.js'
import type { Sql } from '../database.js'
import { badJwt } from '../errors.js'
import type { Session } from '../sessions.js'
import type { User } from '../users.js'
import { throughHook, type Claims } from './hook.js'

function claimsOf(context: Context, user: User, session: Session): Claims {
  const now = seconds(context.now())
  return {
    iss: context.issuer,
    sub: user.id,
    // A list, as Supabase Auth gives it to hooks and therefore into tokens.
    aud: [user.aud],
    iat: now,
    exp: now + context.config.accessTokenLifetime,
    email: user.email,
    phone: '',
    app_metadata: user.raw_app_meta_data,
    user_metadata: user.raw_user_meta_data,
    role: user.role,
    aal: 'aal1',
    amr: [{ method: session.method, timestamp: seconds(session.created_at) }],
    session_id: session.id,
    is_anonymous: false,
  }
}

/** An access token; `method` is how it was asked for. */
export async function accessToken(context: Context, sql: Sql, user: User, session: Session, method: string) {
  const claims = await throughHook(context, sql, claimsOf(context, user, session), method)
  const header = { alg: 'ES256', kid: context.keys.kid, typ: 'JWT' }
  return new SignJWT(claims as JWTPayload).setProtectedHeader(header).sign(context.keys.key)
}

/** @throws 403 `bad_jwt` for what this server did not sign, or not for now */
export async function verifyAccessToken(context: Context, token: string): Promise<JWTPayload> {
  const wanted = { algorithms: ['ES256'], issuer: context.issuer, audience: 'authenticated', currentDate: context.now() }
  try {
    return (await jwtVerify(token, context.keys.resolve, wanted)).payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw badJwt('token is expired')
    throw badJwt('unable to parse or verify signature')
  }
}
