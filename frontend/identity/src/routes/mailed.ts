//! POST /recover, /otp, /resend: mails to an address. The answer is the same whether somebody has it.

import { AuthError } from '../errors.js'
import { body, object, text } from '../input.js'
import { mail, type Type } from '../tokens/one-time.js'
import { address, findByEmail, insertUser, updateUser, type User } from '../users.js'
import type { Route } from './route.js'

/** Mails to the account of the address in the body, if there is one and it `fits`. */
function mailed(type: Type, fits: (user: User) => boolean, sentAt?: 'recovery_sent_at' | 'confirmation_sent_at'): Route {
  return context => async request => {
    const given = await body(request)
    const email = address(given['email'])
    await context.database.transaction(async sql => {
      const user = await findByEmail(sql, email)
      if (!user || !fits(user)) return
      const challenge = text(given, 'code_challenge')
      await mail(context, sql, user, { type, redirect: request.req.query('redirect_to'), challenge })
      if (sentAt) await updateUser(sql, user.id, { [sentAt]: context.now() })
    })
    return request.json({})
  }
}

export const recover = mailed('recovery', () => true, 'recovery_sent_at')

export const resend = mailed('signup', user => user.email_confirmed_at === null, 'confirmation_sent_at')

/** A link to sign in with; makes the account unless told not to. */
export const otp: Route = context => async request => {
  const given = await body(request)
  const email = address(given['email'])
  await context.database.transaction(async sql => {
    let user = await findByEmail(sql, email)
    if (!user) {
      if (given['create_user'] === false || !context.config.signupAllowed) {
        throw new AuthError(422, 'otp_disabled', 'Signups not allowed for otp')
      }
      user = await insertUser(sql, { email, raw_user_meta_data: object(given, 'data'), created_at: context.now() })
    }
    const challenge = text(given, 'code_challenge')
    await mail(context, sql, user, { type: 'magiclink', redirect: request.req.query('redirect_to'), challenge })
  })
  return request.json({})
}
