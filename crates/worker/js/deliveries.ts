// The log of deliveries: the lines that the gateway also prints, kept for some days. No line holds a payload value.

import { type Filter } from "./filter.js";
import { Tables } from "./tables.js";

/** A line as the gateway writes it, as far as this table knows it; the rest is kept as it is. */
interface Line {
  readonly source: string | null;
  readonly verdict: string;
  readonly code: string | null;
  readonly event_type: string | null;
  readonly key: string | null;
}

type Row = { id: number; at: number; line: string };
type Delivery = { readonly id: number; readonly at: number } & Line;

const TABLES = `
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, source TEXT, verdict TEXT NOT NULL, code TEXT,
    event_type TEXT, key TEXT, line TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS deliveries_key ON deliveries (key) WHERE key IS NOT NULL;
  CREATE TABLE IF NOT EXISTS counts (
    slot INTEGER NOT NULL, source TEXT NOT NULL, verdict TEXT NOT NULL, code TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (slot, source, verdict, code)
  ) WITHOUT ROWID;
`;

/** The counts are kept for each five minutes. */
export const SLOT_SECONDS = 300;
/** Of one event no more lines are shown. */
const MOST_ATTEMPTS = 200;

export class Deliveries extends Tables {
  constructor(storage: DurableObjectStorage) {
    super(storage, TABLES);
  }

  /** Adds lines with their times in milliseconds. */
  add(lines: readonly (readonly [number, string])[]): void {
    const counts = new Map<string, number>();
    this.storage.transactionSync(() => {
      for (const [at, text] of lines) {
        const { source, verdict, code, event_type, key } = JSON.parse(text) as Line;
        this.sql.exec(
          "INSERT INTO deliveries (at, source, verdict, code, event_type, key, line) VALUES (?, ?, ?, ?, ?, ?, ?)",
          ...[at, source, verdict, code, event_type, key, text],
        );
        const slot = Math.floor(at / 1000 / SLOT_SECONDS) * SLOT_SECONDS;
        const counted = JSON.stringify([slot, source ?? "", verdict, code ?? ""]);
        counts.set(counted, (counts.get(counted) ?? 0) + 1);
      }
      for (const [counted, count] of counts) {
        this.sql.exec(
          "INSERT INTO counts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
          ...[...(JSON.parse(counted) as (string | number)[]), count],
        );
      }
    });
  }

  /** The newest first. */
  list(filter: Filter, limit: number, before: number | undefined): Delivery[] {
    const { sql, values } = filter.and("at", "at");
    const query = `SELECT id, at, line FROM deliveries WHERE id < ? AND ${sql} ORDER BY id DESC LIMIT ?`;
    return this.sql.exec<Row>(query, before ?? Number.MAX_SAFE_INTEGER, ...values, limit).toArray().map(shown);
  }

  /** One line, and all lines about the same event, the oldest first. */
  one(id: number): { delivery: Delivery; attempts: Delivery[] } | undefined {
    const [row] = this.sql.exec<Row>("SELECT id, at, line FROM deliveries WHERE id = ?", id).toArray();
    if (row === undefined) return undefined;
    const delivery = shown(row);
    if (delivery.key === null) return { delivery, attempts: [delivery] };
    const query = `SELECT id, at, line FROM deliveries WHERE key = ? ORDER BY at, id LIMIT ${MOST_ATTEMPTS}`;
    return { delivery, attempts: this.sql.exec<Row>(query, delivery.key).toArray().map(shown) };
  }

  /** How many lines there were in each step of time, by source, verdict and code. */
  counts(filter: Filter, step: number): { at: number; source: string | null; verdict: string; code: string | null }[] {
    const { sql, values } = filter.and("slot * 1000", "slot * 1000");
    const at = `slot / ${step} * ${step}`;
    return this.sql
      .exec<{ at: number; source: string; verdict: string; code: string; count: number }>(
        `SELECT ${at} AS at, source, verdict, code, sum(count) AS count FROM counts WHERE ${sql}
         GROUP BY ${at}, source, verdict, code ORDER BY ${at}`,
        ...values,
      )
      .toArray()
      .map(({ source, code, ...row }) => ({ ...row, source: source || null, code: code || null }));
  }

  /** Removes what is older, some lines at a time; how many they were. */
  purge(before: number, most: number): number {
    const old = `SELECT id FROM deliveries WHERE at < ? ORDER BY id LIMIT ${most}`;
    const ids = this.sql.exec<{ id: number }>(old, before).toArray();
    const last = ids.at(-1)?.id ?? 0;
    this.sql.exec("DELETE FROM deliveries WHERE id <= ? AND at < ?", last, before);
    this.sql.exec("DELETE FROM counts WHERE slot < ?", Math.floor(before / 1000) - SLOT_SECONDS);
    return ids.length;
  }
}

function shown({ id, at, line }: Row): Delivery {
  return { id, at: Math.floor(at / 1000), ...(JSON.parse(line) as Line) };
}
