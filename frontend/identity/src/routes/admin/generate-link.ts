//! POST /admin/generate_link: what would be mailed, for whoever mails it otherwise.

import { AuthError, emailExists, invalid } from '../../errors.js'
import { body, object, text } from '../../input.js'
import { newOneTime, TYPES, type Type } from '../../tokens/one-time.js'
import { address, findByEmail, shown } from '../../users.js'
import type { Route } from '../route.js'
import { createUser } from './create.js'

/** For these an account is made where there is none. */
const MAKING: readonly string[] = ['signup', 'invite', 'magiclink']

export const generateLink: Route = context => async request => {
  const given = await body(request)
  const type = TYPES.find(it => it === text(given, 'type'))
  if (!type || type === 'email_change') throw invalid('type has to be signup, magiclink, recovery or invite')
  const email = address(given['email'])
  return context.database.transaction(async sql => {
    let user = await findByEmail(sql, email)
    if (user?.email_confirmed_at && (type === 'signup' || type === 'invite')) throw emailExists()
    if (!user) {
      if (!MAKING.includes(type)) throw new AuthError(404, 'user_not_found', 'User with this email not found')
      user = await createUser(context, sql, { email, password: given['password'], user_metadata: object(given, 'data') })
    }
    const wish: { type: Type; redirect: string | undefined } = {
      type,
      redirect: text(given, 'redirect_to') ?? request.req.query('redirect_to'),
    }
    return request.json({ ...shown(user), ...(await newOneTime(context, sql, user, wish)) })
  })
}
