//! What a route is: a handler made for a context. app.ts lists them all.

import type { Context as Request } from 'hono'
import type { Context } from '../context.js'

export type Route = (context: Context) => (request: Request) => Response | Promise<Response>
