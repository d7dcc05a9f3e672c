//! POST /admin/users and POST /invite: accounts made for others.

import type { Context } from '../../context.js'
import type { Sql } from '../../database.js'
import { body, goodPassword, object, text, type Json } from '../../input.js'
import { mail } from '../../tokens/one-time.js'
import { address, insertUser, shown, type User } from '../../users.js'
import type { Route } from '../route.js'

const PROVIDER = { provider: 'email', providers: ['email'] }

/** An account as an administrator describes it. */
export async function createUser(context: Context, sql: Sql, given: Json): Promise<User> {
  const password = text(given, 'password')
  const now = context.now()
  return insertUser(sql, {
    email: address(given['email']),
    encrypted_password: password === undefined ? null : await goodPassword(context, password),
    email_confirmed_at: given['email_confirm'] === true ? now : null,
    raw_user_meta_data: object(given, 'user_metadata'),
    raw_app_meta_data: { ...PROVIDER, ...object(given, 'app_metadata') },
    created_at: now,
    updated_at: now,
  })
}

export const postUser: Route = context => async request =>
  request.json(shown(await createUser(context, context.database.sql, await body(request))))

/** An account that its owner enters by the mailed link. */
export const invite: Route = context => async request => {
  const given = await body(request)
  return context.database.transaction(async sql => {
    const user = await createUser(context, sql, { email: given['email'], user_metadata: object(given, 'data') })
    await sql.query('update auth.users set invited_at = $2 where id = $1', [user.id, context.now()])
    await mail(context, sql, user, { type: 'invite', redirect: request.req.query('redirect_to') })
    return request.json(shown({ ...user, invited_at: context.now() }))
  })
}
