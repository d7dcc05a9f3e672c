//! What the process reads from its environment. It serves one machine, for development and tests; everything else it
//! refuses, saying all reasons at once.

export interface Settings {
  /** Of Postgres, as `supabase_auth_admin`. */
  databaseUrl: string
  /** 0 takes a free one. */
  port: number
  /** Where signing keys are kept. */
  folder: string
  publishableKey: string
  secretKey: string
}

type Environment = Record<string, string | undefined>

const LOCAL = ['', 'localhost', '127.0.0.1', '[::1]']

function signsOfProduction(env: Environment): string[] {
  const signs = []
  for (const name of ['NODE_ENV', 'ENVIRONMENT']) {
    if (['production', 'staging'].includes((env[name] ?? '').toLowerCase())) signs.push(`${name} is ${env[name]}`)
  }
  for (const name of ['K_SERVICE', 'CLOUD_RUN_JOB', 'VERCEL']) {
    if (env[name]) signs.push(`${name} is set, as a platform does`)
  }
  return signs.map(sign => `${sign}: this server is for development and tests only, use Supabase`)
}

function problemOfDatabase(url: string | undefined): string | undefined {
  if (!url) return 'AUTH_DATABASE_URL is not set'
  if (!URL.canParse(url)) return 'AUTH_DATABASE_URL is no URL'
  const { hostname, searchParams } = new URL(url)
  const host = searchParams.get('host') ?? hostname
  if (LOCAL.includes(host) || host.startsWith('/')) return undefined
  return 'AUTH_DATABASE_URL is of another machine: this server would write into its accounts'
}

function problemOfKey(env: Environment, name: string): string | undefined {
  return (env[name] ?? '').length < 16 ? `${name} has to have 16 characters or more` : undefined
}

/** @throws with every problem, one a line */
export function readSettings(env: Environment): Settings {
  const port = Number(env['PORT'] ?? '54321')
  const problems = [
    ...signsOfProduction(env),
    problemOfDatabase(env['AUTH_DATABASE_URL']),
    problemOfKey(env, 'SUPABASE_PUBLISHABLE_KEY'),
    problemOfKey(env, 'SUPABASE_SECRET_KEY'),
    Number.isInteger(port) && port >= 0 && port < 65536 ? undefined : 'PORT is no port',
    env['IDENTITY_DIR'] ? undefined : 'IDENTITY_DIR is not set',
  ].filter(problem => problem !== undefined)
  if (problems.length > 0) throw new Error(`the identity server does not start:\n  - ${problems.join('\n  - ')}`)
  return {
    databaseUrl: env['AUTH_DATABASE_URL'] ?? '',
    port,
    folder: env['IDENTITY_DIR'] ?? '',
    publishableKey: env['SUPABASE_PUBLISHABLE_KEY'] ?? '',
    secretKey: env['SUPABASE_SECRET_KEY'] ?? '',
  }
}
