//! POST /signup: an account. With confirmations its session begins by the mailed link.

import { AuthError } from '../errors.js'
import { body, goodPassword, object, text } from '../input.js'
import { begin } from '../sessions.js'
import { mail } from '../tokens/one-time.js'
import { address, findByEmail, insertUser, shown, updateUser, type User } from '../users.js'
import type { Route } from './route.js'

/** The answer for an address that somebody has: as for a new one, so that nobody learns who has an account. */
function asIfNew(user: User, now: Date) {
  const id = crypto.randomUUID()
  const unknown = { id, invited_at: null, last_sign_in_at: null, created_at: now, updated_at: now, email_confirmed_at: null }
  return { ...shown({ ...user, ...unknown, raw_user_meta_data: {} }), identities: [] }
}

export const signup: Route = context => async request => {
  const { config, database, now } = context
  if (!config.signupAllowed) throw new AuthError(422, 'signup_disabled', 'Signups not allowed for this instance')
  const given = await body(request)
  const email = address(given['email'])
  const encrypted_password = await goodPassword(context, text(given, 'password'))
  const columns = { encrypted_password, raw_user_meta_data: object(given, 'data'), updated_at: now() }
  return database.transaction(async sql => {
    const before = await findByEmail(sql, email)
    if (before?.email_confirmed_at) {
      if (config.confirmationsNeeded) return request.json(asIfNew(before, now()))
      throw new AuthError(422, 'user_already_exists', 'User already registered')
    }
    const times = config.confirmationsNeeded ? { confirmation_sent_at: now() } : { email_confirmed_at: now() }
    const user = before
      ? await updateUser(sql, before.id, { ...columns, ...times })
      : await insertUser(sql, { email, created_at: now(), ...columns, ...times })
    if (!config.confirmationsNeeded) return request.json(await begin(context, sql, user, 'password'))
    const challenge = text(given, 'code_challenge')
    await mail(context, sql, user, { type: 'signup', redirect: request.req.query('redirect_to'), challenge })
    return request.json(shown(user))
  })
}
