//! GET /health, /settings, /.well-known/…, /mailbox: what can be known without an account.

import type { Route } from './route.js'

/** @see `Mailbox`: with the secret key only, for it lets anybody in. */
export const mailbox: Route = context => request => request.json(context.mailbox.of(request.req.query('to')))

export const health: Route = context => async request => {
  await context.database.sql.query('select')
  return request.json({ name: 'GoTrue', version: 'local', description: 'Supabase Auth for development and tests' })
}

export const settings: Route = context => request =>
  request.json({
    external: { email: true, phone: false, anonymous_users: false },
    disable_signup: !context.config.signupAllowed,
    mailer_autoconfirm: !context.config.confirmationsNeeded,
  })

/** Public: clients keep it for ten minutes, so a key is published that long before it signs. */
export const jwks: Route = context => request =>
  request.json(context.keys.published, 200, { 'cache-control': 'public, max-age=600' })

export const openid: Route = context => request =>
  request.json({
    issuer: context.issuer,
    jwks_uri: `${context.issuer}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ['ES256'],
    subject_types_supported: ['public'],
    response_types_supported: ['code'],
  })
