//! POST /verify and GET /verify: whoever has what was mailed signs in. The link leads on to the console.

import type { Context } from '../context.js'
import type { Sql } from '../database.js'
import { AuthError, invalid } from '../errors.js'
import { body, text } from '../input.js'
import { redirectOf } from '../redirects.js'
import { begin } from '../sessions.js'
import { useDigits, useOneTime } from '../tokens/one-time.js'
import { address, findByEmail, type User } from '../users.js'
import type { Route } from './route.js'

export const postVerify: Route = context => async request => {
  const given = await body(request)
  const type = text(given, 'type')
  const [hash, digits] = [text(given, 'token_hash'), text(given, 'token')]
  if (!type) throw invalid('Verify requires a verification type')
  if (!hash && !digits) throw invalid('Verify requires a token or a token hash')
  return context.database.transaction(async sql => {
    const { user } = hash
      ? await useOneTime(context, sql, type, hash)
      : await useDigits(context, sql, type, await findByEmail(sql, address(given['email'])), digits ?? '')
    return request.json(await begin(context, sql, user, 'otp'))
  })
}

/** A code that whoever asked for the mail can exchange. */
async function codeFor(context: Context, sql: Sql, user: User, challenge: string): Promise<string> {
  const code = crypto.randomUUID()
  const text = 'insert into auth.flow_state (auth_code, user_id, code_challenge, created_at) values ($1, $2, $3, $4)'
  await sql.query(text, [code, user.id, challenge, context.now()])
  return code
}

export const getVerify: Route = context => async request => {
  const { token = '', type = '', redirect_to } = request.req.query()
  const place = new URL(redirectOf(context, redirect_to))
  try {
    await context.database.transaction(async sql => {
      const { user, challenge } = await useOneTime(context, sql, type, token)
      if (challenge) {
        place.searchParams.set('code', await codeFor(context, sql, user, challenge))
        return
      }
      const { user: _, ...made } = await begin(context, sql, user, 'otp')
      const parts = Object.entries(made).map(([name, value]): [string, string] => [name, String(value)])
      place.hash = new URLSearchParams([...parts, ['type', type]]).toString()
    })
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    place.searchParams.set('error', 'access_denied')
    place.searchParams.set('error_code', error.code)
    place.searchParams.set('error_description', error.message)
  }
  return request.redirect(place.href, 303)
}
