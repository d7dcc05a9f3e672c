//! Passwords: scrypt, with its parameters beside the hash, so that they can grow.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Node's own defaults: enough for accounts of a developer's machine, and tests sign in a hundred times. */
const COST = { N: 2 ** 14, r: 8, p: 1 }
const LENGTH = 32

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  return new Promise((done, fail) => {
    scrypt(password.normalize('NFKC'), salt, LENGTH, { ...cost, maxmem: 256 * cost.N * cost.r }, (error, key) =>
      error ? fail(error) : done(key),
    )
  })
}

/** `$scrypt$N,r,p$salt$hash` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, COST)
  return `$scrypt$${COST.N},${COST.r},${COST.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

/** Takes as long for an account without a password, or without an account, as for a wrong password. */
export async function passwordMatches(password: string, stored: string | null | undefined): Promise<boolean> {
  const [, kind, numbers, salt, hash] = (stored ?? '').split('$')
  const [N, r, p] = (numbers ?? '').split(',').map(Number)
  if (kind !== 'scrypt' || !N || !r || !p || !salt || !hash) {
    await derive(password, Buffer.alloc(16), COST)
    return false
  }
  const wanted = Buffer.from(hash, 'base64url')
  const found = await derive(password, Buffer.from(salt, 'base64url'), { N, r, p })
  return wanted.length === found.length && timingSafeEqual(wanted, found)
}
