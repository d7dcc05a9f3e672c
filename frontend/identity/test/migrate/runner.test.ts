//! migrate.sh: what it applies, forces and marks.

import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { test } from 'node:test'
import { withPostgres } from '../postgres.js'
import { names, Runner, states } from './runner.js'

withPostgres('migrate.sh', () => {
  const it = new Runner()

  test('applies all to an empty database, then nothing, and says how it stands', async () => {
    const before = await it.run(['--status'])
    assert.deepEqual([before.code, states(before)], [3, names.map(name => ['pending', name])])
    const rows = await it.query(`select to_regnamespace('supabase_migrations') as made`)
    assert.deepEqual(rows, [{ made: null }], 'asking for the status writes nothing')
    const first = await it.run([])
    assert.deepEqual(first, { code: 0, err: '', out: names.map(name => `applied ${name}\n`).join('') })
    assert.deepEqual(await it.run([]), { code: 0, err: '', out: '' })
    const now = await it.run(['--status'])
    assert.deepEqual([now.code, states(now)], [0, names.map(name => ['applied', name])])
  })

  test('a migration that fails leaves nothing, and those after it wait', async () => {
    it.write('20990101000000_good', 'create table public.good ();')
    it.write('20990101000001_bad', 'create table public.bad ();\nselect 1 / 0;')
    it.write('20990101000002_next', 'create table public.next ();')
    const failed = await it.own()
    assert.equal(failed.code, 1)
    assert.match(failed.err, /20990101000001_bad\.sql:2: ERROR: {2}division by zero/)
    assert.match(failed.err, /what was not applied left nothing/)
    const made = await it.query(`select relname from pg_class where relname in ('good', 'bad', 'next')`)
    assert.deepEqual(made, [{ relname: 'good' }])
    it.write('20990101000001_bad', 'create table public.bad ();')
    assert.equal((await it.own()).out, 'applied 20990101000001_bad\napplied 20990101000002_next\n')
  })

  test('no migration sees settings of the one before it', async () => {
    it.write('20990101000000_setting', `set search_path = 'elsewhere'; set role anon;`)
    it.write('20990101000001_after', 'create table public.mine (); create table here ();')
    assert.equal((await it.own()).code, 0)
    assert.deepEqual(await it.query(`select tableowner from pg_tables where tablename = 'here' and schemaname = 'public'`), [{ tableowner: 'postgres' }])
  })

  test('--force runs one, by its name, its number or its place, whatever stands about it', async () => {
    await it.own()
    it.write('20000101000000_late', 'create table if not exists public.late ();')
    for (const wanted of ['1', '20000101000000_late', '20000101000000_late.sql', '20000101000000', 'late']) {
      assert.deepEqual(await it.own('--force', wanted), { code: 0, err: '', out: 'applied 20000101000000_late\n' }, wanted)
    }
    appendFileSync(it.place('20000101000000_late'), '-- edited')
    assert.equal((await it.own('--force', '1')).code, 0)
    assert.equal((await it.own('--status')).code, 0)
    assert.equal((await it.own()).code, 0)
  })

  test('--force of one that fails leaves everything as it was', async () => {
    await it.own()
    const failed = await it.own('--force', '1')
    assert.equal(failed.code, 1)
    assert.match(failed.err, /schema "private" already exists/)
    assert.equal((await it.own('--status')).code, 0)
  })

  test('those that only define functions, policies and grants may be forced again', async () => {
    await it.own()
    for (const wanted of ['who_may', 'onboarding', 'access_token_hook']) {
      assert.equal((await it.own('--force', wanted)).code, 0, wanted)
    }
  })

  test('--mark writes down all up to one without running them', async () => {
    const marked = await it.own('--mark', '2')
    assert.deepEqual(marked, { code: 0, err: '', out: names.slice(0, 2).map(name => `marked ${name}\n`).join('') })
    assert.deepEqual(await it.query(`select to_regclass('public.people') as made`), [{ made: null }])
    assert.deepEqual(states(await it.own('--status')).map(([state]) => state).slice(0, 3), ['applied', 'applied', 'pending'])
  })

  test('goes on from what Supabase’s own tool applied, which keeps no checksums', async () => {
    await it.query(`create schema supabase_migrations;
      create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
      insert into supabase_migrations.schema_migrations values ('20000101000000', '{}', 'theirs')`)
    it.write('20000101000000_theirs', 'select 1 / 0;')
    assert.deepEqual(states(await it.own('--status'))[0], ['applied', '20000101000000_theirs'])
    assert.equal((await it.own()).out, names.map(name => `applied ${name}\n`).join(''))
  })

  test('of two runners at once one does the work and the other one waits for it', async () => {
    it.write('20990101000000_slow', 'select pg_sleep(0.5); create table public.slow ();')
    const runs = await Promise.all([it.own(), it.own(), it.own()])
    assert.deepEqual(runs.map(run => run.code), [0, 0, 0])
    assert.equal(runs.map(run => run.out).join('').match(/applied 20990101000000_slow/g)?.length, 1)
    assert.ok(runs.some(run => run.err === 'migrate: another runner is at work; waiting for it, ten minutes at most\n'))
  })
})
