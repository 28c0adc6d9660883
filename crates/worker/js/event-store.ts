// The strong store of delivered events: one of a fixed number of shards.
//
// Every call is one transaction of the object's SQLite database, and an object runs one of them at a time. What a
// call has written is on disk before its answer leaves.

import { Arrivals } from "./arrivals.js";
import { joined, parts } from "./parts.js";
import { Purged } from "./purged.js";

/** What the first delivery of an event was answered with. Headers and body only where the source keeps them. */
export interface Answer {
  readonly status: number;
  readonly headers?: Headers;
  readonly body?: ArrayBuffer;
}

type Headers = readonly (readonly [string, string])[];

/** The claim is the caller's; or another's; or there is nothing left to do. */
export type Claimed = { readonly attempt: number } | { readonly inFlight: true } | Answer;

// The states of an event. A release leaves the state as it is and ends the lease.
const CLAIMED = 0;
/** On the queue; its sender has been answered. */
const ACCEPTED = 1;
const DELIVERED = 2;

/** A type and not an interface: only so it can be the row of a query. */
type Row = {
  readonly state: number;
  readonly holder: number;
  readonly lease: number;
  readonly attempt: number;
  readonly status: number;
};

/** What the sender of an event on the queue is answered. */
const ACCEPTED_STATUS = 202;

/** How many rows one alarm looks at. */
const PURGE_ROWS = 2_000;

const TABLES = `
  CREATE TABLE IF NOT EXISTS events (
    key TEXT PRIMARY KEY,
    state INTEGER NOT NULL,
    holder REAL NOT NULL,
    lease INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    status INTEGER NOT NULL,
    expires INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS bodies (
    key TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (key, part)
  );
  CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, headers TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
`;

export class EventStore extends Purged {
  readonly #sql = this.ctx.storage.sql;
  readonly #arrivals = new Arrivals();
  /** How far the purge has come through the keys. */
  #purged = "";

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    this.#sql.exec(TABLES);
  }

  /**
   * Claims an event. `holder` is a number that the caller has made up and that names this claim: only by it can the
   * claim be given back. Where another one holds the event, waits up to `wait` for what becomes of it.
   * Times are in milliseconds.
   */
  async claim(key: string, holder: number, lease: number, wait: number, keep: number): Promise<Claimed> {
    this.arm();
    const deadline = Date.now() + wait;
    for (;;) {
      const claimed = this.#take(key, CLAIMED, holder, lease, keep);
      if (!("inFlight" in claimed)) return claimed;
      if (!(await this.#arrivals.next(key, holder, deadline - Date.now()))) return claimed;
    }
  }

  /**
   * Claims an event that came from the queue, also from the delivery that put it there: whose claim that was,
   * `sender` says.
   */
  claimQueued(key: string, holder: number, sender: number, lease: number, keep: number): Claimed {
    this.arm();
    this.release(key, sender);
    return this.#take(key, ACCEPTED, holder, lease, keep);
  }

  #take(key: string, state: number, holder: number, lease: number, keep: number): Claimed {
    const now = Date.now();
    return this.ctx.storage.transactionSync<Claimed>(() => {
      const row = this.#row(key, now);
      if (row?.state === DELIVERED) return this.#answer(key, row.status);
      if (row?.state === ACCEPTED && state === CLAIMED) return { status: ACCEPTED_STATUS };
      if (row !== undefined && row.lease > now) {
        // The same claim once more: its first answer was lost on the way.
        return row.holder === holder ? { attempt: row.attempt } : { inFlight: true };
      }
      // Attempts are relays: to put an event on the queue was none.
      const before = state === ACCEPTED && row?.state === CLAIMED ? 0 : (row?.attempt ?? 0);
      const attempt = before + 1;
      this.#sql.exec(
        `INSERT OR REPLACE INTO events (key, state, holder, lease, attempt, status, expires)
         VALUES (?, ?, ?, ?, ?, 0, ?)`,
        ...[key, state, holder, now + lease, attempt, now + Math.max(keep, lease)],
      );
      return { attempt };
    });
  }

  #row(key: string, now: number): Row | undefined {
    const query = "SELECT state, holder, lease, attempt, status FROM events WHERE key = ? AND expires > ?";
    return this.#sql.exec<Row>(query, key, now).toArray()[0];
  }

  #answer(key: string, status: number): Answer {
    const query = "SELECT headers, body FROM answers WHERE key = ?";
    const [kept] = this.#sql.exec<{ headers: string; body: ArrayBuffer }>(query, key).toArray();
    return kept === undefined ? { status } : { status, headers: JSON.parse(kept.headers) as Headers, body: kept.body };
  }

  /** Remembers that the origin has accepted an event, whoever holds the claim by now. The first status stays. */
  settle(key: string, status: number, keep: number, headers?: Headers, body?: Uint8Array): void {
    this.arm();
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      if (this.#row(key, now)?.state === DELIVERED) return;
      this.#sql.exec(
        `INSERT INTO events (key, state, holder, lease, attempt, status, expires)
         VALUES (?1, ${DELIVERED}, 0, 0, 1, ?2, ?3)
         ON CONFLICT DO UPDATE SET state = ${DELIVERED}, lease = 0, status = ?2, expires = ?3`,
        ...[key, status, now + keep],
      );
      if (headers !== undefined && body !== undefined) {
        const answer = [key, JSON.stringify(headers), body];
        this.#sql.exec("INSERT OR REPLACE INTO answers (key, headers, body) VALUES (?, ?, ?)", ...answer);
      }
    });
    this.#arrivals.landed(key);
  }

  /** Gives a claim back. A late one, whose event is another's by now or delivered, changes nothing. */
  release(key: string, holder: number): void {
    this.#arrivals.abandon(key, holder);
    const held = `key = ? AND holder = ? AND state != ${DELIVERED}`;
    const { rowsWritten } = this.#sql.exec(`UPDATE events SET lease = 0 WHERE ${held}`, key, holder);
    if (rowsWritten > 0) this.#arrivals.landed(key);
  }

  /** Remembers that an event is on the queue, and gives the claim back by which it was put there. */
  accept(key: string, holder: number): void {
    this.#sql.exec(
      `UPDATE events SET state = ${ACCEPTED}, attempt = 0, lease = iif(holder = ?2, 0, lease)
       WHERE key = ?1 AND state = ${CLAIMED}`,
      ...[key, holder],
    );
    this.#arrivals.landed(key);
  }

  /** Keeps a body that is too large for a message of the queue. */
  keep(key: string, body: Uint8Array, keep: number): void {
    this.arm();
    const expires = Date.now() + keep;
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec("DELETE FROM bodies WHERE key = ?", key);
      for (const [part, bytes] of parts(body).entries()) {
        const row = [key, part, bytes, expires];
        this.#sql.exec("INSERT INTO bodies (key, part, bytes, expires) VALUES (?, ?, ?, ?)", ...row);
      }
    });
  }

  body(key: string): Uint8Array | null {
    const query = "SELECT bytes FROM bodies WHERE key = ? ORDER BY part";
    const rows = this.#sql.exec<{ bytes: ArrayBuffer }>(query, key).toArray();
    return rows.length === 0 ? null : joined(rows.map(({ bytes }) => bytes));
  }

  discard(key: string): void {
    this.#sql.exec("DELETE FROM bodies WHERE key = ?", key);
  }

  /** Lets an event through again, as if it had never been seen. */
  forget(key: string): boolean {
    const { rowsWritten } = this.#sql.exec("DELETE FROM events WHERE key = ?", key);
    this.#sql.exec("DELETE FROM answers WHERE key = ?", key);
    this.#arrivals.landed(key);
    return rowsWritten > 0;
  }

  /**
   * Purges what has expired, some rows at a time, and says whether there are more rows to look at, or any at all. No
   * index finds them: that would be a row written for every event.
   */
  purge(): "more" | "some" | "none" {
    const looked = `SELECT key FROM events WHERE key > ? ORDER BY key LIMIT ${PURGE_ROWS}`;
    const keys = this.#sql.exec<{ key: string }>(looked, this.#purged).toArray();
    const last = keys.at(-1)?.key ?? this.#purged;
    this.ctx.storage.transactionSync(() => {
      const range = [this.#purged, last, Date.now()];
      const expired = "key > ?1 AND key <= ?2 AND expires <= ?3";
      this.#sql.exec(`DELETE FROM answers WHERE key IN (SELECT key FROM events WHERE ${expired})`, ...range);
      this.#sql.exec(`DELETE FROM events WHERE ${expired}`, ...range);
      this.#sql.exec("DELETE FROM bodies WHERE expires <= ?", Date.now());
    });
    const more = keys.length === PURGE_ROWS;
    this.#purged = more ? last : "";
    if (more) return "more";
    const bodies = this.#sql.exec("SELECT 1 FROM bodies LIMIT 1").toArray().length;
    return this.tally().events + bodies > 0 ? "some" : "none";
  }

  /** How many events are remembered, and how many of them somebody holds. */
  tally(): { events: number; held: number } {
    const held = `sum(state = ${CLAIMED} AND lease > ?)`;
    const query = `SELECT count(*) AS events, coalesce(${held}, 0) AS held FROM events`;
    return this.#sql.exec<{ events: number; held: number }>(query, Date.now()).one();
  }
}
