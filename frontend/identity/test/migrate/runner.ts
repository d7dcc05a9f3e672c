//! migrate.sh over a database of its own and a copy of the migrations, for the tests beside.

import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, beforeEach } from 'node:test'
import pg from 'pg'
import { BARE, newDatabase, root, urlOf } from '../postgres.js'

const script = `${root}frontend/supabase/migrate.sh`
export const shipped = `${root}frontend/supabase/migrations`
export const names = readdirSync(shipped).map(file => file.replace('.sql', '')).sort()

export interface Run {
  code: number | null
  out: string
  err: string
}

/** State and name of each line of `--status`. */
export const states = (status: Run) => status.out.trim().split('\n').map(line => line.trim().split(/\s+/).slice(1, 3))

export class Runner {
  private database = ''
  /** The copy, in a folder whose name wants quoting. */
  readonly folder = mkdtempSync(path.join(tmpdir(), "it's migrations "))

  constructor() {
    after(() => rmSync(this.folder, { recursive: true }))
    beforeEach(async () => {
      this.database = await newDatabase(BARE)
      rmSync(this.folder, { recursive: true })
      cpSync(shipped, this.folder, { recursive: true })
    })
  }

  run(args: string[], env: Record<string, string | undefined> = {}): Promise<Run> {
    const all = { ...process.env, DATABASE_URL: urlOf(this.database, 'postgres'), ...env }
    const child = spawn(script, args, { env: all, stdio: ['ignore', 'pipe', 'pipe'] })
    const found: Run = { code: null, out: '', err: '' }
    child.stdout.on('data', data => (found.out += data))
    child.stderr.on('data', data => (found.err += data))
    return new Promise(done => child.on('close', code => done({ ...found, code })))
  }

  /** With the copy. */
  own = (...args: string[]) => this.run(['--dir', this.folder, ...args])

  place = (name: string) => path.join(this.folder, `${name}.sql`)
  write = (name: string, text: string) => writeFileSync(this.place(name), text)

  async query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: urlOf(this.database, 'postgres') })
    await client.connect()
    return client.query(text).then(result => result.rows).finally(() => client.end())
  }
}
