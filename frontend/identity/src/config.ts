//! What supabase/config.toml says of Supabase Auth: one source for real projects and for this server.

import { readFileSync } from 'node:fs'
import { parse } from 'smol-toml'

/** Times are in seconds. */
export interface Config {
  siteUrl: string
  redirectUrls: string[]
  accessTokenLifetime: number
  refreshReuse: number
  minimumPasswordLength: number
  signupAllowed: boolean
  confirmationsNeeded: boolean
  oneTimeLifetime: number
  /** The access-token hook, as a quoted name of Postgres; none where it is switched off. */
  hook: string | undefined
}

/** A table of TOML whose members are read with their types; what is missing or of another type is an error. */
class Table {
  constructor(
    readonly path: string,
    private readonly members: Record<string, unknown>,
  ) {}

  table(name: string): Table {
    const it = this.members[name]
    if (typeof it !== 'object' || it === null || Array.isArray(it)) throw this.wrong(name, 'a table')
    return new Table(`${this.path}${name}.`, it as Record<string, unknown>)
  }

  text(name: string): string {
    const it = this.members[name]
    if (typeof it !== 'string') throw this.wrong(name, 'a text')
    return it
  }

  texts(name: string): string[] {
    const it = this.members[name]
    if (!Array.isArray(it) || it.some(one => typeof one !== 'string')) throw this.wrong(name, 'a list of texts')
    return it as string[]
  }

  whole(name: string): number {
    const it = this.members[name]
    if (typeof it !== 'number' || !Number.isSafeInteger(it) || it < 0) throw this.wrong(name, 'a whole number')
    return it
  }

  flag(name: string): boolean {
    const it = this.members[name]
    if (typeof it !== 'boolean') throw this.wrong(name, 'true or false')
    return it
  }

  private wrong(name: string, wanted: string): Error {
    return new Error(`supabase/config.toml: ${this.path}${name} has to be ${wanted}`)
  }
}

/** `pg-functions://postgres/schema/function` as a quoted name. */
function functionName(uri: string): string {
  const parts = /^pg-functions:\/\/postgres\/([a-z_][a-z0-9_]*)\/([a-z_][a-z0-9_]*)$/.exec(uri)
  if (!parts) throw new Error(`supabase/config.toml: ${uri} is no pg-functions://postgres/SCHEMA/FUNCTION`)
  return `"${parts[1]}"."${parts[2]}"`
}

/** Reads the text of a config.toml. */
export function parseConfig(text: string): Config {
  const auth = new Table('', parse(text)).table('auth')
  const email = auth.table('email')
  const hook = auth.table('hook').table('custom_access_token')
  return {
    siteUrl: auth.text('site_url'),
    redirectUrls: auth.texts('additional_redirect_urls'),
    accessTokenLifetime: auth.whole('jwt_expiry'),
    refreshReuse: auth.whole('refresh_token_reuse_interval'),
    minimumPasswordLength: auth.whole('minimum_password_length'),
    signupAllowed: auth.flag('enable_signup') && email.flag('enable_signup'),
    confirmationsNeeded: email.flag('enable_confirmations'),
    oneTimeLifetime: email.whole('otp_expiry'),
    hook: hook.flag('enabled') ? functionName(hook.text('uri')) : undefined,
  }
}

export const configFile = new URL('../../../supabase/config.toml', import.meta.url)

export function readConfig(): Config {
  return parseConfig(readFileSync(configFile, 'utf8'))
}
