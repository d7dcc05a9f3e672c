//! The server: on 127.0.0.1 only.

import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { makeApp } from './app.js'
import type { Config } from './config.js'
import { Database } from './database.js'
import { openKeys } from './keys.js'
import { Mailbox } from './mailbox.js'
import type { Settings } from './settings.js'

export interface Server {
  /** What clients know as SUPABASE_URL. */
  url: string
  close: () => Promise<void>
}

const HOST = '127.0.0.1'

export async function serve(settings: Settings, config: Config, now = () => new Date()): Promise<Server> {
  const database = new Database(settings.databaseUrl)
  const keys = await openKeys(settings.folder)
  const context = { config, database, keys, mailbox: new Mailbox(), now, issuer: '' }
  const server = createAdaptorServer({ fetch: request => app.fetch(request) })
  await new Promise<void>((listening, fail) => {
    server.once('error', fail)
    server.listen(settings.port, HOST, listening)
  })
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`
  context.issuer = `${url}/auth/v1`
  const app = makeApp(context, settings)
  const close = async () => {
    await new Promise(closed => server.close(closed))
    await database.close()
  }
  return { url, close }
}
