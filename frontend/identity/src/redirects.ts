//! Where links may lead: to the console, and nowhere else.

import type { Context } from './context.js'

/** The place asked for where it is allowed, otherwise the console. */
export function redirectOf({ config }: Context, asked: string | undefined): string {
  const allowed = [config.siteUrl, ...config.redirectUrls]
  if (asked === undefined || !URL.canParse(asked)) return config.siteUrl
  const wanted = new URL(asked)
  const fits = allowed.some(it => {
    const { origin, pathname } = new URL(it)
    return wanted.origin === origin && wanted.pathname.startsWith(pathname) && wanted.username === '' && wanted.password === ''
  })
  return fits ? wanted.href : config.siteUrl
}
