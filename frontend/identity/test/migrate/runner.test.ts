//! migrate.sh: every way through it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { appendFileSync, copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, beforeEach, test } from 'node:test'
import pg from 'pg'
import { BARE, newDatabase, root, urlOf, withPostgres } from '../postgres.js'

const script = `${root}frontend/supabase/migrate.sh`
const shipped = `${root}frontend/supabase/migrations`
const names = readdirSync(shipped).map(file => file.replace('.sql', '')).sort()

interface Run {
  code: number | null
  out: string
  err: string
}

withPostgres('migrate.sh', () => {
  let database = ''
  const folder = mkdtempSync(path.join(tmpdir(), "it's migrations "))
  after(() => rmSync(folder, { recursive: true }))

  beforeEach(async () => {
    database = await newDatabase(BARE)
    rmSync(folder, { recursive: true })
    cpSync(shipped, folder, { recursive: true })
  })

  function run(args: string[], env: Record<string, string | undefined> = {}): Promise<Run> {
    const all = { ...process.env, DATABASE_URL: urlOf(database, 'postgres'), ...env }
    const child = spawn(script, args, { env: all, stdio: ['ignore', 'pipe', 'pipe'] })
    const found: Run = { code: null, out: '', err: '' }
    child.stdout.on('data', data => (found.out += data))
    child.stderr.on('data', data => (found.err += data))
    return new Promise(done => child.on('close', code => done({ ...found, code })))
  }

  const own = (...args: string[]) => run(['--dir', folder, ...args])
  const write = (name: string, text: string) => writeFileSync(path.join(folder, `${name}.sql`), text)

  async function query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: urlOf(database, 'postgres') })
    await client.connect()
    return client.query(text).then(result => result.rows).finally(() => client.end())
  }

  const states = (status: Run) => status.out.trim().split('\n').map(line => line.trim().split(/\s+/).slice(1, 3))

  test('applies all to an empty database, then nothing, and says how it stands', async () => {
    const before = await run(['--status'])
    assert.deepEqual([before.code, states(before)], [3, names.map(name => ['pending', name])])
    const rows = await query(`select to_regnamespace('supabase_migrations') as made`)
    assert.deepEqual(rows, [{ made: null }], 'asking for the status writes nothing')
    const first = await run([])
    assert.deepEqual(first, { code: 0, err: '', out: names.map(name => `applied ${name}\n`).join('') })
    assert.deepEqual(await run([]), { code: 0, err: '', out: '' })
    const now = await run(['--status'])
    assert.deepEqual([now.code, states(now)], [0, names.map(name => ['applied', name])])
  })

  test('a migration that fails leaves nothing, and those after it wait', async () => {
    write('20990101000000_good', 'create table public.good ();')
    write('20990101000001_bad', 'create table public.bad ();\nselect 1 / 0;')
    write('20990101000002_next', 'create table public.next ();')
    const failed = await own()
    assert.equal(failed.code, 1)
    assert.match(failed.err, /20990101000001_bad\.sql:2: ERROR: {2}division by zero/)
    assert.match(failed.err, /what was not applied left nothing/)
    const made = await query(`select relname from pg_class where relname in ('good', 'bad', 'next')`)
    assert.deepEqual(made, [{ relname: 'good' }])
    write('20990101000001_bad', 'create table public.bad ();')
    assert.equal((await own()).out, 'applied 20990101000001_bad\napplied 20990101000002_next\n')
  })

  test('no migration sees settings of the one before it', async () => {
    write('20990101000000_setting', `set search_path = 'elsewhere'; set role anon;`)
    write('20990101000001_after', 'create table public.mine (); create table here ();')
    assert.equal((await own()).code, 0)
    assert.deepEqual(await query(`select tableowner from pg_tables where tablename = 'here' and schemaname = 'public'`), [{ tableowner: 'postgres' }])
  })

  test('what was edited, is gone or comes too late is refused before anything runs', async () => {
    await own()
    write('20990101000000_next', 'create table public.next ();')
    const [first = '', second = ''] = names
    appendFileSync(path.join(folder, `${second}.sql`), '-- edited')
    const edited = await own()
    assert.deepEqual([edited.code, edited.err.includes(`migrate: ${second} was edited after it ran`)], [1, true], edited.err)
    const status = await own('--status')
    assert.deepEqual([status.code, states(status)[1]], [3, ['edited', second]])
    rmSync(path.join(folder, `${second}.sql`))
    assert.match((await own()).err, new RegExp(`${second} was applied and is not here`))
    assert.deepEqual(states(await own('--status'))[1], ['unknown', second])
    copyFileSync(path.join(shipped, `${second}.sql`), path.join(folder, `${second}.sql`))
    write('20000101000000_late', 'create table public.late ();')
    assert.match((await own()).err, /20000101000000_late comes before migrations that were applied/)
    assert.deepEqual(await query(`select relname from pg_class where relname in ('next', 'late')`), [])
    assert.match(first, /^2026/)
  })

  test('--force runs one, by its name, its number or its place, whatever stands about it', async () => {
    await own()
    write('20000101000000_late', 'create table if not exists public.late ();')
    for (const wanted of ['1', '20000101000000_late', '20000101000000_late.sql', '20000101000000', 'late']) {
      assert.deepEqual(await own('--force', wanted), { code: 0, err: '', out: 'applied 20000101000000_late\n' }, wanted)
    }
    appendFileSync(path.join(folder, '20000101000000_late.sql'), '-- edited')
    assert.equal((await own('--force', '1')).code, 0)
    assert.equal((await own('--status')).code, 0)
    assert.equal((await own()).code, 0)
  })

  test('--force of one that fails leaves everything as it was', async () => {
    await own()
    const failed = await own('--force', '1')
    assert.equal(failed.code, 1)
    assert.match(failed.err, /schema "private" already exists/)
    assert.equal((await own('--status')).code, 0)
  })

  test('those that only define functions, policies and grants may be forced again', async () => {
    await own()
    for (const wanted of ['who_may', 'onboarding', 'access_token_hook']) {
      assert.equal((await own('--force', wanted)).code, 0, wanted)
    }
  })

  test('--force and --mark of what is not there run nothing', async () => {
    for (const wanted of ['0', '99', 'nonsense', '20990101000000', `x'; drop table y; --`]) {
      for (const action of ['--force', '--mark']) {
        const refused = await own(action, wanted)
        assert.deepEqual([refused.code, refused.out], [1, ''], wanted)
        assert.match(refused.err, /there is no migration .*there are:/s)
      }
    }
    assert.deepEqual(await query(`select to_regnamespace('supabase_migrations') as made`), [{ made: null }])
  })

  test('--mark writes down all up to one without running them', async () => {
    const marked = await own('--mark', '2')
    assert.deepEqual(marked, { code: 0, err: '', out: names.slice(0, 2).map(name => `marked ${name}\n`).join('') })
    assert.deepEqual(await query(`select to_regclass('public.people') as made`), [{ made: null }])
    assert.deepEqual(states(await own('--status')).map(([state]) => state).slice(0, 3), ['applied', 'applied', 'pending'])
  })

  test('goes on from what Supabase’s own tool applied, which keeps no checksums', async () => {
    await query(`create schema supabase_migrations;
      create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
      insert into supabase_migrations.schema_migrations values ('20000101000000', '{}', 'theirs')`)
    write('20000101000000_theirs', 'select 1 / 0;')
    assert.deepEqual(states(await own('--status'))[0], ['applied', '20000101000000_theirs'])
    assert.equal((await own()).out, names.map(name => `applied ${name}\n`).join(''))
  })

  test('of two runners at once one does the work and the other one waits for it', async () => {
    write('20990101000000_slow', 'select pg_sleep(0.5); create table public.slow ();')
    const runs = await Promise.all([own(), own(), own()])
    assert.deepEqual(runs.map(it => it.code), [0, 0, 0])
    assert.equal(runs.map(it => it.out).join('').match(/applied 20990101000000_slow/g)?.length, 1)
    assert.ok(runs.some(it => it.err === 'migrate: another runner is at work; waiting for it, ten minutes at most\n'))
  })

  test('files that are no migrations, share a number or make transactions themselves are refused', async () => {
    for (const [name, text, refusal] of [
      ['1_short', '', /1_short\.sql is no name of a migration/],
      ['20990101000000_UPPER', '', /is no name of a migration/],
      [`${names[0]?.slice(0, 14)}_twin`, '', /two migrations have the number/],
      ['20990101000000_commits', 'create table x ();\n  COMMIT;', /begins or ends a transaction/],
      ['20990101000000_begins', 'begin;\nselect 1;', /begins or ends a transaction/],
    ] as const) {
      write(name, text)
      const refused = await own()
      assert.equal(refused.code, 1)
      assert.match(refused.err, refusal)
      rmSync(path.join(folder, `${name}.sql`))
    }
    for (const file of readdirSync(folder)) rmSync(path.join(folder, file))
    assert.match((await own()).err, /no migrations in/)
  })

  test('says what is wrong with how it was called', async () => {
    for (const [args, refusal] of [
      [['--nonsense'], /what is --nonsense/],
      [['--force'], /--force needs a migration/],
      [['--mark'], /--mark needs a migration/],
      [['--status', '--force', '1'], /either --status or --force/],
      [['--dir', '/nowhere'], /--dir needs a folder/],
    ] as const) {
      const refused = await run([...args])
      assert.equal(refused.code, 2)
      assert.match(refused.err, refusal)
    }
    const help = await run(['--help'], { DATABASE_URL: undefined })
    assert.deepEqual([help.code, help.err], [0, ''])
    assert.match(help.out, /--force N/)
  })

  test('says what is missing, and shows no password', async () => {
    assert.match((await run([], { DATABASE_URL: undefined })).err, /DATABASE_URL .* is not set/)
    const away = await run([], { DATABASE_URL: 'postgres://postgres:s3cret%21@127.0.0.1:1/postgres' })
    assert.equal(away.code, 1)
    assert.match(away.err, /the database does not answer/)
    assert.doesNotMatch(away.err, /s3cret/)
  })
})
