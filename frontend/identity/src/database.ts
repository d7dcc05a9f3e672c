//! Postgres: a pool, and transactions on it.

import pg from 'pg'

/** What a statement can be sent to: the pool or a transaction. */
export type Sql = Pick<pg.ClientBase, 'query'>

export class Database {
  private readonly pool: pg.Pool

  constructor(url: string, connections = 5) {
    this.pool = new pg.Pool({ connectionString: url, max: connections, application_name: 'identity' })
    // Connections that end while nobody uses them are replaced at the next use.
    this.pool.on('error', error => console.error(`database: ${error.message}`))
  }

  get sql(): Sql {
    return this.pool
  }

  /** All of it or nothing. */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.pool.connect()
    try {
      await client.query('begin')
      const result = await work(client)
      await client.query('commit')
      client.release()
      return result
    } catch (error) {
      const lost = await client.query('rollback').then(
        () => false,
        () => true,
      )
      client.release(lost)
      throw error
    }
  }

  async close(): Promise<void> {
    await this.pool.end()
  }
}
