//! Secrets, and what is kept of them.

import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

export const newSecret = (): string => randomBytes(24).toString('base64url')
export const newDigits = (): string => randomInt(0, 1_000_000).toString().padStart(6, '0')
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Takes as long for every wrong text. */
export function same(given: string | undefined, wanted: string): boolean {
  return given !== undefined && timingSafeEqual(hashOf(given), hashOf(wanted))
}
