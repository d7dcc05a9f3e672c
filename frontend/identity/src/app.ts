//! Every route below /auth/v1, and what holds of all of them.

import { Hono, type Context as Request, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Context } from './context.js'
import { API_VERSION, AuthError, refusal } from './errors.js'
import { bearer } from './input.js'
import { same } from './random.js'
import * as about from './routes/about.js'
import { invite, postUser } from './routes/admin/create.js'
import { generateLink } from './routes/admin/generate-link.js'
import * as users from './routes/admin/users.js'
import { logout } from './routes/logout.js'
import * as mailed from './routes/mailed.js'
import type { Route } from './routes/route.js'
import { signup } from './routes/signup.js'
import { token } from './routes/token.js'
import { getUser, putUser } from './routes/user.js'
import { getVerify, postVerify } from './routes/verify.js'

/** Who may call: anybody, clients with a key of ours, or only the secret key. */
type Access = 'open' | 'client' | 'admin'

const ROUTES: [Access, string, Route][] = [
  ['open', 'GET /health', about.health],
  ['open', 'GET /.well-known/jwks.json', about.jwks],
  ['open', 'GET /.well-known/openid-configuration', about.openid],
  ['open', 'GET /verify', getVerify],
  ['client', 'GET /settings', about.settings],
  ['client', 'POST /signup', signup],
  ['client', 'POST /token', token],
  ['client', 'GET /user', getUser],
  ['client', 'PUT /user', putUser],
  ['client', 'POST /logout', logout],
  ['client', 'POST /recover', mailed.recover],
  ['client', 'POST /otp', mailed.otp],
  ['client', 'POST /resend', mailed.resend],
  ['client', 'POST /verify', postVerify],
  ['admin', 'POST /invite', invite],
  ['admin', 'POST /admin/generate_link', generateLink],
  ['admin', 'GET /admin/users', users.listUsers],
  ['admin', 'POST /admin/users', postUser],
  ['admin', 'GET /admin/users/:id', users.getUser],
  ['admin', 'PUT /admin/users/:id', users.putUser],
  ['admin', 'DELETE /admin/users/:id', users.removeUser],
  ['admin', 'GET /mailbox', about.mailbox],
]

export interface ApiKeys {
  publishableKey: string
  secretKey: string
}

const MOST_BYTES = 100_000

/** The key that a request comes with; the secret one may come as a bearer token too. */
function guard(access: Access, keys: ApiKeys): MiddlewareHandler {
  return async (request, next) => {
    const given = request.req.header('apikey')
    const secret = same(given, keys.secretKey) || same(bearer(request), keys.secretKey)
    if (access !== 'open' && !secret && !same(given, keys.publishableKey)) {
      throw new AuthError(401, 'no_authorization', 'No API key found in request, or not one of this project')
    }
    if (access === 'admin' && !secret) throw new AuthError(403, 'not_admin', 'User not allowed')
    await next()
  }
}

function answer(request: Request, error: AuthError): Response {
  request.header('x-sb-error-code', error.code)
  const version = request.req.header('x-supabase-api-version')
  return request.json(refusal(error, version), error.status as ContentfulStatusCode)
}

export function makeApp(context: Context, keys: ApiKeys): Hono {
  const app = new Hono().basePath('/auth/v1')
  app.use(async (request, next) => {
    await next()
    request.header('x-supabase-api-version', API_VERSION)
    if (!request.res.headers.has('cache-control')) request.header('cache-control', 'no-store')
  })
  app.use(
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: request => answer(request, new AuthError(413, 'validation_failed', 'the body is too large')),
    }),
  )
  for (const [access, line, route] of ROUTES) {
    const [method = '', path = ''] = line.split(' ')
    app.on(method, path, guard(access, keys), route(context))
  }
  app.notFound(request => answer(request, new AuthError(404, 'not_found', 'There is no such path')))
  app.onError((error, request) => {
    if (error instanceof AuthError) return answer(request, error)
    // The cause is for the log; a caller could read secrets from it.
    console.error(`${request.req.method} ${request.req.path}: ${error.stack}`)
    return answer(request, new AuthError(500, 'unexpected_failure', 'Unexpected failure, please check server logs'))
  })
  return app
}
