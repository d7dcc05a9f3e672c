//! One-time tokens: what mails hold, as a link and as six digits. For each account one of a type at a time.

import { later, type Context } from '../context.js'
import type { Sql } from '../database.js'
import { AuthError } from '../errors.js'
import { hashOf, newDigits, newSecret } from '../random.js'
import { redirectOf } from '../redirects.js'
import { updateUser, type User } from '../users.js'

export const TYPES = ['signup', 'magiclink', 'recovery', 'invite', 'email_change'] as const
export type Type = (typeof TYPES)[number]

/** Digits that are typed say `email`: whichever of these was mailed. */
const TYPED: Type[] = ['signup', 'magiclink', 'recovery', 'invite']

export interface Wish {
  type: Type
  /** Where the link leads in the end. */
  redirect?: string | undefined
  /** The link then gives a code, which only whoever asked can exchange for a session. */
  challenge?: string | undefined
}

export interface OneTime {
  action_link: string
  email_otp: string
  hashed_token: string
  verification_type: Type
  redirect_to: string
}

/** Makes a token; the one of that type before it ends. */
export async function newOneTime(context: Context, sql: Sql, user: User, wish: Wish): Promise<OneTime> {
  const [secret, digits] = [newSecret(), newDigits()]
  const redirect = redirectOf(context, wish.redirect)
  await sql.query(
    `insert into auth.one_time_tokens (token_hash, otp_hash, user_id, token_type, code_challenge, redirect_to, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (user_id, token_type) do update set token_hash = excluded.token_hash, otp_hash = excluded.otp_hash,
       code_challenge = excluded.code_challenge, redirect_to = excluded.redirect_to, expires_at = excluded.expires_at`,
    [hashOf(secret), hashOf(`${user.id}${digits}`), user.id, wish.type, wish.challenge ?? null, redirect,
      later(context.now(), context.config.oneTimeLifetime)],
  )
  const query = new URLSearchParams({ token: secret, type: wish.type, redirect_to: redirect })
  return {
    action_link: `${context.issuer}/verify?${query}`,
    email_otp: digits,
    hashed_token: secret,
    verification_type: wish.type,
    redirect_to: redirect,
  }
}

/** Makes a token and mails it: to the new address where one is to be proved. */
export async function mail(context: Context, sql: Sql, user: User, wish: Wish): Promise<void> {
  const made = await newOneTime(context, sql, user, wish)
  context.mailbox.send({
    to: wish.type === 'email_change' ? (user.email_change ?? user.email) : user.email,
    type: wish.type,
    sent_at: context.now().toISOString(),
    otp: made.email_otp,
    token_hash: made.hashed_token,
    action_link: made.action_link,
  })
}

interface Used {
  user_id: string
  token_type: Type
  code_challenge: string | null
  expires_at: Date
}

const expired = () => new AuthError(403, 'otp_expired', 'Token has expired or is invalid')

/** Uses up a token: whoever has it reads that account's mail. */
export async function useOneTime(context: Context, sql: Sql, type: string, secret: string) {
  const text = 'delete from auth.one_time_tokens where token_hash = $1 and token_type = any ($2) returning *'
  return proved(context, sql, (await sql.query<Used>(text, [hashOf(secret), typesOf(type)])).rows[0])
}

/** The same by six digits, which say nothing without the account. */
export async function useDigits(context: Context, sql: Sql, type: string, user: User | undefined, digits: string) {
  if (!user) throw expired()
  const text = `delete from auth.one_time_tokens where user_id = $1 and otp_hash = $2 and token_type = any ($3) returning *`
  return proved(context, sql, (await sql.query<Used>(text, [user.id, hashOf(`${user.id}${digits}`), typesOf(type)])).rows[0])
}

const typesOf = (type: string): string[] => (type === 'email' ? TYPED : [type])

async function proved(context: Context, sql: Sql, used: Used | undefined) {
  const now = context.now()
  if (!used || used.expires_at < now) throw expired()
  const [{ email_change, email_confirmed_at }] = (
    await sql.query<User>('select * from auth.users where id = $1 for update', [used.user_id])
  ).rows as [User]
  const moved = used.token_type === 'email_change' && email_change !== null
  const change = moved ? { email: email_change, email_change: null } : {}
  const user = await updateUser(sql, used.user_id, { ...change, email_confirmed_at: email_confirmed_at ?? now, updated_at: now })
  return { user, challenge: used.code_challenge }
}
