//! GET /admin/users, and GET, PUT, DELETE /admin/users/:id.

import type { Context } from '../../context.js'
import { invalid } from '../../errors.js'
import { body, goodPassword, object, text, type Json } from '../../input.js'
import { address, deleteUser, getById, shown, updateUser, type Change, type User } from '../../users.js'
import type { Route } from '../route.js'

const MOST = 1000

const whole = (given: string | undefined, otherwise: number) => {
  const number = Number(given ?? otherwise)
  if (!Number.isInteger(number) || number < 1) throw invalid('page and per_page have to be whole numbers from 1 on')
  return number
}

export const listUsers: Route = context => async request => {
  const size = Math.min(whole(request.req.query('per_page'), 50), MOST)
  const page = whole(request.req.query('page'), 1)
  const text = 'select *, count(*) over () as total from auth.users order by created_at desc, id limit $1 offset $2'
  const { rows } = await context.database.sql.query<User & { total: string }>(text, [size, (page - 1) * size])
  request.header('x-total-count', rows[0]?.total ?? '0')
  return request.json({ users: rows.map(shown), aud: 'authenticated' })
}

export const getUser: Route = context => async request =>
  request.json(shown(await getById(context.database.sql, request.req.param('id') ?? '')))

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 }

/** `none`, or a duration as Go writes it: `24h`, `30m`. */
function bannedUntil(given: string, now: Date): Date | null {
  if (given === 'none') return null
  const [, number, unit] = /^(\d+)([smh])$/.exec(given) ?? []
  if (!number || !unit) throw invalid('invalid format for ban duration: none, or for example 24h')
  return new Date(now.getTime() + Number(number) * (UNITS[unit] ?? 0) * 1000)
}

async function changes(context: Context, user: User, given: Json): Promise<Change> {
  const change: Change = { updated_at: context.now() }
  const [password, ban] = [text(given, 'password'), text(given, 'ban_duration')]
  if (password !== undefined) change.encrypted_password = await goodPassword(context, password)
  if (given['email'] !== undefined) change.email = address(given['email'])
  if (given['email_confirm'] === true) change.email_confirmed_at = user.email_confirmed_at ?? context.now()
  if (given['user_metadata']) change.raw_user_meta_data = { ...user.raw_user_meta_data, ...object(given, 'user_metadata') }
  if (given['app_metadata']) change.raw_app_meta_data = { ...user.raw_app_meta_data, ...object(given, 'app_metadata') }
  if (ban !== undefined) change.banned_until = bannedUntil(ban, context.now())
  return change
}

export const putUser: Route = context => async request => {
  const { sql } = context.database
  const user = await getById(sql, request.req.param('id') ?? '')
  return request.json(shown(await updateUser(sql, user.id, await changes(context, user, await body(request)))))
}

export const removeUser: Route = context => async request => {
  const user = await getById(context.database.sql, request.req.param('id') ?? '')
  await deleteUser(context.database.sql, user.id)
  return request.json({})
}
