//! What routes work with. Time is handed in, so that tests can move it.

import type { Config } from './config.js'
import type { Database } from './database.js'
import type { SigningKeys } from './keys.js'
import type { Mailbox } from './mailbox.js'

export interface Context {
  config: Config
  database: Database
  keys: SigningKeys
  mailbox: Mailbox
  now: () => Date
  /** `…/auth/v1`: the issuer of tokens, and where links lead. */
  issuer: string
}

export const seconds = (time: Date): number => Math.floor(time.getTime() / 1000)
export const later = (time: Date, by: number): Date => new Date(time.getTime() + by * 1000)
