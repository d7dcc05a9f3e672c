//! GET /user and PUT /user: one's own account. Metadata is whatever its owner says: nobody decides by it.

import type { Context } from '../context.js'
import { AuthError, emailExists } from '../errors.js'
import { body, goodPassword, object, signedIn, text, type Json } from '../input.js'
import { passwordMatches } from '../passwords.js'
import { end } from '../sessions.js'
import { mail } from '../tokens/one-time.js'
import { address, findByEmail, shown, updateUser, type Change, type User } from '../users.js'
import type { Route } from './route.js'

export const getUser: Route = context => async request => request.json(shown((await signedIn(context, request)).user))

async function changes(context: Context, user: User, given: Json): Promise<Change> {
  const change: Change = { updated_at: context.now() }
  const password = text(given, 'password')
  if (password !== undefined) {
    if (await passwordMatches(password, user.encrypted_password)) {
      throw new AuthError(422, 'same_password', 'New password should be different from the old password.')
    }
    change.encrypted_password = await goodPassword(context, password)
  }
  if (given['data'] !== undefined) change.raw_user_meta_data = { ...user.raw_user_meta_data, ...object(given, 'data') }
  const email = text(given, 'email') === undefined ? user.email : address(given['email'])
  if (email !== user.email) {
    if (await findByEmail(context.database.sql, email)) throw emailExists()
    change.email_change = email
  }
  return change
}

export const putUser: Route = context => async request => {
  const { user, session } = await signedIn(context, request)
  const given = await body(request)
  const change = await changes(context, user, given)
  return context.database.transaction(async sql => {
    const changed = await updateUser(sql, user.id, change)
    // Whoever knew the old password is out.
    if (change.encrypted_password) await end(sql, user.id, session, 'others')
    if (change.email_change) {
      const challenge = text(given, 'code_challenge')
      await mail(context, sql, changed, { type: 'email_change', redirect: request.req.query('redirect_to'), challenge })
    }
    return request.json(shown(changed))
  })
}
