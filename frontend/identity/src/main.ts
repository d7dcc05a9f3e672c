//! Starts the identity server, until SIGTERM or Ctrl-C.

import { readConfig } from './config.js'
import { serve } from './server.js'
import { readSettings } from './settings.js'

try {
  const server = await serve(readSettings(process.env), readConfig())
  console.log(`identity: ${server.url}/auth/v1`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.close())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
