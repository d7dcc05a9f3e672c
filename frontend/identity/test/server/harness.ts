//! The identity server in this process, over a database of its own, with a clock that the test moves.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before } from 'node:test'
import { GoTrueClient } from '@supabase/auth-js'
import pg from 'pg'
import { readConfig, type Config } from '../../src/config.js'
import type { Mail } from '../../src/mailbox.js'
import { hashPassword } from '../../src/passwords.js'
import { serve, type Server } from '../../src/server.js'
import { newDatabase, urlOf } from '../postgres.js'

export const PUBLISHABLE = 'sb_publishable_of_tests'
export const SECRET = 'sb_secret_of_tests_only'
export const PASSWORD = 'correct horse battery staple'

export interface Answer {
  status: number
  headers: Headers
  /** Judged by the tests, member by member. */
  body: any
}

export class Harness {
  server!: Server
  pool!: pg.Pool
  private moved = 0
  /** Of PASSWORD: hashing takes long by design. */
  private hash: string | undefined
  private folder = mkdtempSync(path.join(tmpdir(), 'identity-'))

  now = () => new Date(Date.now() + this.moved * 1000)

  /** Moves the server's clock. */
  wait(seconds: number): void {
    this.moved += seconds
  }

  async open(config: Partial<Config>): Promise<void> {
    const database = await newDatabase()
    this.pool = new pg.Pool({ connectionString: urlOf(database, 'postgres'), max: 10 })
    const databaseUrl = urlOf(database, 'supabase_auth_admin')
    const settings = { databaseUrl, port: 0, folder: this.folder, publishableKey: PUBLISHABLE, secretKey: SECRET }
    this.server = await serve(settings, { ...readConfig(), ...config }, this.now)
  }

  async close(): Promise<void> {
    await this.server?.close()
    await this.pool?.end()
    rmSync(this.folder, { recursive: true })
  }

  /** Supabase's own client: with the secret key, an administrator. */
  client(key = PUBLISHABLE): GoTrueClient {
    const headers: Record<string, string> = { apikey: key }
    if (key === SECRET) headers['Authorization'] = `Bearer ${key}`
    const url = `${this.server.url}/auth/v1`
    return new GoTrueClient({ url, headers, persistSession: false, autoRefreshToken: false, detectSessionInUrl: false })
  }

  /** A request as it goes over the wire. */
  async call(line: string, body?: unknown, headers: Record<string, string> = { apikey: PUBLISHABLE }): Promise<Answer> {
    const [method = '', place = ''] = line.split(' ')
    const response = await fetch(`${this.server.url}/auth/v1${place}`, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/json', 'x-supabase-api-version': '2024-01-01', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
  }

  /** The last mail to an address. */
  async mail(to: string): Promise<Mail> {
    const { body } = await this.call(`GET /mailbox?to=${encodeURIComponent(to)}`, undefined, { apikey: SECRET })
    const [mail] = body as Mail[]
    if (!mail) throw new Error(`no mail to ${to}`)
    return mail
  }

  /** An account with a confirmed address; its id. */
  async account(email: string): Promise<string> {
    this.hash ??= await hashPassword(PASSWORD)
    const text = 'insert into auth.users (email, encrypted_password, email_confirmed_at) values ($1, $2, now()) returning id'
    return (await this.pool.query<{ id: string }>(text, [email, this.hash])).rows[0]?.id ?? ''
  }

  /** The answer to a sign-in. */
  async signIn(email: string, password = PASSWORD): Promise<Answer> {
    return this.call('POST /token?grant_type=password', { email, password })
  }

  async refresh(refresh_token: string): Promise<Answer> {
    return this.call('POST /token?grant_type=refresh_token', { refresh_token })
  }
}

/** A server for the suite that calls this. */
export function withServer(config: Partial<Config> = {}): Harness {
  const harness = new Harness()
  before(() => harness.open(config))
  after(() => harness.close())
  return harness
}
