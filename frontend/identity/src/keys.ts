//! Signing keys: ES256, in a file that only its owner reads. The first one signs; those before it are still published,
//! so that tokens signed by them hold until they end.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'

/** The key that signs, and the one before it. */
const KEPT = 2

export interface SigningKeys {
  kid: string
  /** What signs. */
  key: CryptoKey
  /** What is published: public halves only. */
  published: { keys: JWK[] }
  /** What tokens are verified with. */
  resolve: ReturnType<typeof createLocalJWKSet>
}

const file = (folder: string) => path.join(folder, 'signing-keys.json')

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' }
}

function stored(folder: string): JWK[] {
  try {
    return (JSON.parse(readFileSync(file(folder), 'utf8')) as { keys: JWK[] }).keys
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Whole or not at all: a half-written file would void every session. */
function store(folder: string, keys: JWK[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const temporary = `${file(folder)}.new`
  writeFileSync(temporary, JSON.stringify({ keys }, null, 2), { mode: 0o600 })
  renameSync(temporary, file(folder))
}

/** The keys of a folder; makes the first one. */
export async function openKeys(folder: string): Promise<SigningKeys> {
  let keys = stored(folder)
  if (keys.length === 0) {
    keys = [await newKey()]
    store(folder, keys)
  }
  const [first] = keys
  const key = first && (await importJWK(first, 'ES256'))
  if (!first?.kid || !key || key instanceof Uint8Array) throw new Error(`${file(folder)} holds no signing key`)
  const published = { keys: keys.map(({ d: _, ...half }) => ({ ...half, key_ops: ['verify'] })) }
  return { kid: first.kid, key, published, resolve: createLocalJWKSet(published) }
}

/** Puts a new key in front, drops those before the last one. Holds from the server's next start on. */
export async function rotateKeys(folder: string): Promise<string> {
  const key = await newKey()
  store(folder, [key, ...stored(folder)].slice(0, KEPT))
  return key.kid ?? ''
}
