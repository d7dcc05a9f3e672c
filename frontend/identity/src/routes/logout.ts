//! POST /logout?scope=global|local|others: ends sessions. Access tokens that are out hold until they end.

import { invalid } from '../errors.js'
import { signedIn } from '../input.js'
import { end, type Scope } from '../sessions.js'
import type { Route } from './route.js'

const SCOPES: readonly string[] = ['global', 'local', 'others'] satisfies Scope[]

export const logout: Route = context => async request => {
  const scope = request.req.query('scope') ?? 'global'
  if (!SCOPES.includes(scope)) throw invalid(`Unsupported logout scope "${scope}"`)
  const { user, session } = await signedIn(context, request)
  await end(context.database.sql, user.id, session, scope as Scope)
  return request.body(null, 204)
}
