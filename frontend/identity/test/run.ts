//! Runs every test: first what they share, then each file in a process of its own.

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { prepare } from './postgres.js'

const here = path.dirname(new URL(import.meta.url).pathname)

if (process.env['PLATFORM_DATABASE_URL']) await prepare()

const wanted = process.argv.slice(2)
// By their sources: what was built of a test that is gone may still lie here.
const files = readdirSync(path.join(here, '../../test'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.test.ts') && (wanted.length === 0 || wanted.some(it => file.includes(it))))
  .map(file => path.join(here, file.replace(/ts$/, 'js')))
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency', '3', '--test-reporter', 'spec', '--test-timeout', '60000', ...files], { stdio: 'inherit', timeout: 300_000 })
process.exitCode = status ?? 1
