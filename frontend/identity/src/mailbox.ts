//! Mails are not sent: the last of them can be read at `GET /auth/v1/mailbox`, with the secret key.

export interface Mail {
  to: string
  type: string
  sent_at: string
  /** Six digits, to be typed. */
  otp: string
  token_hash: string
  /** Leads here, and from here to the console. */
  action_link: string
}

const KEPT = 200

export class Mailbox {
  private readonly mails: Mail[] = []

  send(mail: Mail): void {
    this.mails.unshift(mail)
    this.mails.length = Math.min(this.mails.length, KEPT)
  }

  /** Newest first. */
  of(address: string | undefined): Mail[] {
    return this.mails.filter(mail => address === undefined || mail.to === address)
  }
}
