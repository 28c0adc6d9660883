// Events that were authentic and could not be delivered, with all that a replay needs.

import type { Filter } from "./filter.js";
import { joined, parts } from "./parts.js";
import { Tables } from "./tables.js";

/** Why an event is here, in the gateway's words, and what the origin said last. */
export interface Death {
  readonly reason: string;
  readonly code: string | null;
  readonly status: number | null;
  readonly attempts: number;
}

type Row = {
  id: string;
  at: number;
  source: string;
  event_type: string | null;
  event_id: string | null;
  reason: string;
  code: string | null;
  origin_status: number | null;
  attempts: number;
  bytes: number;
};

const TABLES = `
  CREATE TABLE IF NOT EXISTS dead_letters (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, source TEXT NOT NULL, event_type TEXT, event_id TEXT,
    reason TEXT NOT NULL, code TEXT, origin_status INTEGER, attempts INTEGER NOT NULL, bytes INTEGER NOT NULL,
    meta TEXT NOT NULL, lease INTEGER NOT NULL, replayed INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS dead_letters_at ON dead_letters (at, id);
  CREATE TABLE IF NOT EXISTS bodies (
    id TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (id, part)
  );
`;
const SHOWN = "id, at, source, event_type, event_id, reason, code, origin_status, attempts, bytes";

export class DeadLetters extends Tables {
  constructor(storage: DurableObjectStorage) {
    super(storage, TABLES);
  }

  /** Keeps an event, in the place of an earlier copy of it. `meta` is the gateway's, as JSON. */
  bury(meta: string, body: Uint8Array, { reason, code, status, attempts }: Death): void {
    const { key, source, event_type = null, event_id = null } = JSON.parse(meta) as Record<string, string>;
    this.storage.transactionSync(() => {
      const before = this.sql.exec<Row>(`SELECT ${SHOWN} FROM dead_letters WHERE id = ?`, key).toArray()[0];
      this.#remove("id = ?", [key]);
      const row = [key, Date.now(), source, event_type, event_id, reason, code, status];
      this.sql.exec(
        "INSERT INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
        ...[...row, (before?.attempts ?? 0) + attempts, body.byteLength, meta],
      );
      for (const [part, bytes] of parts(body).entries()) {
        this.sql.exec("INSERT INTO bodies (id, part, bytes) VALUES (?, ?, ?)", key, part, bytes);
      }
    });
  }

  /** Hands an event out to be replayed. Until the lease ends or it is put back, nobody else gets it. */
  take(id: string, lease: number): { meta: string; body: Uint8Array } | { busy: true } | null {
    const now = Date.now();
    return this.storage.transactionSync(() => {
      const query = "SELECT meta, lease FROM dead_letters WHERE id = ?";
      const row = this.sql.exec<{ meta: string; lease: number }>(query, id).toArray()[0];
      if (row === undefined) return null;
      if (row.lease > now) return { busy: true } as const;
      this.sql.exec("UPDATE dead_letters SET lease = ? WHERE id = ?", now + lease, id);
      return { meta: row.meta, body: this.body(id) };
    });
  }

  /** After a replay that failed: with what the origin said this time. */
  putBack(id: string, { reason, code, status, attempts }: Death): void {
    const values = [reason, code, status, attempts, Date.now()];
    const set = "reason = ?, code = ?, origin_status = ?, attempts = attempts + ?, lease = 0, replayed = ?";
    this.sql.exec(`UPDATE dead_letters SET ${set} WHERE id = ?`, ...values, id);
  }

  list(filter: Filter, limit: number, before: [number, string] | undefined): Row[] {
    const where = filter.and("at", "at");
    const at = before === undefined ? "1" : "(at, id) < (?, ?)";
    const query = `SELECT ${SHOWN} FROM dead_letters WHERE ${at} AND ${where.sql} ORDER BY at DESC, id DESC LIMIT ?`;
    return this.sql.exec<Row>(query, ...(before ?? []), ...where.values, limit).toArray();
  }

  /** The oldest first, and those that failed a moment ago last. */
  ids(filter: Filter, limit: number): string[] {
    const { sql, values } = filter.and("at", "at");
    const query = `SELECT id FROM dead_letters WHERE ${sql} ORDER BY replayed, at, id LIMIT ?`;
    return this.sql.exec<{ id: string }>(query, ...values, limit).toArray().map(({ id }) => id);
  }

  one(id: string): (Row & { meta: string }) | undefined {
    const query = `SELECT ${SHOWN}, meta FROM dead_letters WHERE id = ?`;
    return this.sql.exec<Row & { meta: string }>(query, id).toArray()[0];
  }

  body(id: string): Uint8Array {
    const query = "SELECT bytes FROM bodies WHERE id = ? ORDER BY part";
    return joined(this.sql.exec<{ bytes: ArrayBuffer }>(query, id).toArray().map(({ bytes }) => bytes));
  }

  remove(filter: Filter, most: number): number {
    const { sql, values } = filter.and("at", "at");
    const some = `id IN (SELECT id FROM dead_letters WHERE ${sql} LIMIT ${most})`;
    return this.storage.transactionSync(() => this.#remove(some, values));
  }

  removeOne(id: string): boolean {
    return this.storage.transactionSync(() => this.#remove("id = ?", [id])) > 0;
  }

  #remove(where: string, values: readonly unknown[]): number {
    const ids = this.sql.exec<{ id: string }>(`SELECT id FROM dead_letters WHERE ${where}`, ...values).toArray();
    for (const { id } of ids) {
      this.sql.exec("DELETE FROM bodies WHERE id = ?", id);
      this.sql.exec("DELETE FROM dead_letters WHERE id = ?", id);
    }
    return ids.length;
  }
}
