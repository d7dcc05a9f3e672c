//! migrate.sh: what it refuses, and what it says.

import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { withPostgres } from '../postgres.js'
import { names, Runner, shipped, states } from './runner.js'

withPostgres('what migrate.sh refuses', () => {
  const it = new Runner()

  test('what was edited, is gone or comes too late is refused before anything runs', async () => {
    await it.own()
    it.write('20990101000000_next', 'create table public.next ();')
    const [first = '', second = ''] = names
    appendFileSync(it.place(second), '-- edited')
    const edited = await it.own()
    assert.deepEqual([edited.code, edited.err.includes(`migrate: ${second} was edited after it ran`)], [1, true], edited.err)
    const status = await it.own('--status')
    assert.deepEqual([status.code, states(status)[1]], [3, ['edited', second]])
    rmSync(it.place(second))
    assert.match((await it.own()).err, new RegExp(`${second} was applied and is not here`))
    assert.deepEqual(states(await it.own('--status'))[1], ['unknown', second])
    copyFileSync(path.join(shipped, `${second}.sql`), it.place(second))
    it.write('20000101000000_late', 'create table public.late ();')
    assert.match((await it.own()).err, /20000101000000_late comes before migrations that were applied/)
    assert.deepEqual(await it.query(`select relname from pg_class where relname in ('next', 'late')`), [])
    assert.match(first, /^2026/)
  })

  test('--force and --mark of what is not there run nothing', async () => {
    for (const wanted of ['0', '99', 'nonsense', '20990101000000', `x'; drop table y; --`]) {
      for (const action of ['--force', '--mark']) {
        const refused = await it.own(action, wanted)
        assert.deepEqual([refused.code, refused.out], [1, ''], wanted)
        assert.match(refused.err, /there is no migration .*there are:/s)
      }
    }
    assert.deepEqual(await it.query(`select to_regnamespace('supabase_migrations') as made`), [{ made: null }])
  })

  test('files that are no migrations, share a number or make transactions themselves are refused', async () => {
    for (const [name, text, refusal] of [
      ['1_short', '', /1_short\.sql is no name of a migration/],
      ['20990101000000_UPPER', '', /is no name of a migration/],
      [`${names[0]?.slice(0, 14)}_twin`, '', /two migrations have the number/],
      ['20990101000000_commits', 'create table x ();\n  COMMIT;', /begins or ends a transaction/],
      ['20990101000000_begins', 'begin;\nselect 1;', /begins or ends a transaction/],
    ] as const) {
      it.write(name, text)
      const refused = await it.own()
      assert.equal(refused.code, 1)
      assert.match(refused.err, refusal)
      rmSync(it.place(name))
    }
    for (const file of readdirSync(it.folder)) rmSync(path.join(it.folder, file))
    assert.match((await it.own()).err, /no migrations in/)
  })

  test('says what is wrong with how it was called', async () => {
    for (const [args, refusal] of [
      [['--nonsense'], /what is --nonsense/],
      [['--force'], /--force needs a migration/],
      [['--mark'], /--mark needs a migration/],
      [['--status', '--force', '1'], /either --status or --force/],
      [['--dir', '/nowhere'], /--dir needs a folder/],
    ] as const) {
      const refused = await it.run([...args])
      assert.equal(refused.code, 2)
      assert.match(refused.err, refusal)
    }
    const help = await it.run(['--help'], { DATABASE_URL: undefined })
    assert.deepEqual([help.code, help.err], [0, ''])
    assert.match(help.out, /--force N/)
  })

  test('says what is missing, and shows no password', async () => {
    assert.match((await it.run([], { DATABASE_URL: undefined })).err, /DATABASE_URL .* is not set/)
    const away = await it.run([], { DATABASE_URL: 'postgres://postgres:s3cret%21@127.0.0.1:1/postgres' })
    assert.equal(away.code, 1)
    assert.match(away.err, /the database does not answer/)
    assert.doesNotMatch(away.err, /s3cret/)
  })
})
