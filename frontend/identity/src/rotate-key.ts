//! Replaces the key that signs: IDENTITY_DIR=… npm run rotate-key, then start the server again.

import { rotateKeys } from './keys.js'

const folder = process.env['IDENTITY_DIR']
if (folder) {
  console.log(`identity: ${await rotateKeys(folder)} signs from the next start on; the key before it is still published`)
} else {
  console.error('IDENTITY_DIR is not set')
  process.exitCode = 2
}
