//! Refusals, in the two shapes that Supabase Auth answers them.

/** A refusal that the caller may read. */
export class AuthError extends Error {
  constructor(
    readonly status: number,
    /** Supabase's code of it. */
    readonly code: string,
    message: string,
    readonly more: Record<string, unknown> = {},
  ) {
    super(message)
  }
}

/** From this version of the API on, `code` is the code; before, it is the HTTP status. */
export const API_VERSION = '2024-01-01'

/** The body of a refusal for a client that speaks this version. */
export function refusal(error: AuthError, version: string | undefined): Record<string, unknown> {
  if (version !== undefined && version >= API_VERSION) {
    return { code: error.code, message: error.message, ...error.more }
  }
  return { code: error.status, error_code: error.code, msg: error.message, ...error.more }
}

export const invalid = (message: string) => new AuthError(400, 'validation_failed', message)
export const badJwt = (message: string) => new AuthError(403, 'bad_jwt', `invalid JWT: ${message}`)
export const userNotFound = () => new AuthError(404, 'user_not_found', 'User not found')
export const emailExists = () =>
  new AuthError(422, 'email_exists', 'A user with this email address has already been registered')
