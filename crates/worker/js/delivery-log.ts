// The log of deliveries and the dead letters: one object for all sources, so that a listing is one query.

import { answer, matching } from "./api.js";
import { Configuration, type Published } from "./configuration.js";
import { DeadLetters, type Death } from "./dead-letters.js";
import { Deliveries } from "./deliveries.js";
import { BadRequest, Filter } from "./filter.js";
import { Purged } from "./purged.js";

interface Env {
  readonly CONFIG?: KVNamespace;
  readonly LOG_DAYS?: number | string;
  readonly DEAD_LETTER_DAYS?: number | string;
}

const DAY_MS = 86_400_000;
const LOG_DAYS = 7;
const DEAD_LETTER_DAYS = 30;
/** How many rows one alarm removes of each table. */
const PURGE_ROWS = 1_000;

export class DeliveryLog extends Purged<Env> {
  readonly deliveries = new Deliveries(this.ctx.storage);
  readonly deadLetters = new DeadLetters(this.ctx.storage);
  readonly #configuration = new Configuration(this.ctx.storage, this.env.CONFIG);

  record(lines: readonly (readonly [number, string])[]): void {
    this.arm();
    this.deliveries.add(lines);
  }

  bury(meta: string, body: Uint8Array, death: Death): void {
    this.arm();
    this.deadLetters.bury(meta, body, death);
  }

  take(id: string, lease: number): { meta: string; body: Uint8Array } | { busy: true } | null {
    return this.deadLetters.take(id, lease);
  }

  putBack(id: string, death: Death): void {
    this.deadLetters.putBack(id, death);
  }

  remove(id: string): boolean {
    return this.deadLetters.removeOne(id);
  }

  /** The dead letters that a query of the API is about, or what is wrong with it. */
  matching(query: string): string[] | string {
    try {
      return matching(new URLSearchParams(query), this.deadLetters);
    } catch (error) {
      if (error instanceof BadRequest) return `${error.message}.`;
      throw error;
    }
  }

  /** The newest document of sources. */
  document(): Promise<{ text: string } | undefined> {
    return this.#configuration.newest();
  }

  publish(revision: number, text: string): Promise<Published> {
    return this.#configuration.publish(revision, text);
  }

  /** The admin API, as far as it reads and purges. The gateway has checked the token. */
  override fetch(request: Request): Promise<Response> {
    return answer(request, this.deliveries, this.deadLetters);
  }

  /** How much there is. */
  tally(): { deliveries: number; dead_letters: number } {
    const [deliveries, letters] = ["deliveries", "dead_letters"].map((table) => {
      return this.ctx.storage.sql.exec<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).one().count;
    });
    return { deliveries: deliveries ?? 0, dead_letters: letters ?? 0 };
  }

  /** Removes what is older than it may become, some rows at a time; whether there may be more, or any. */
  purge(): "more" | "some" | "none" {
    const before = (days: number | string | undefined, otherwise: number) =>
      Date.now() - (Number(days) || otherwise) * DAY_MS;
    const lines = this.deliveries.purge(before(this.env.LOG_DAYS, LOG_DAYS), PURGE_ROWS);
    const old = before(this.env.DEAD_LETTER_DAYS, DEAD_LETTER_DAYS);
    const older = new Filter(new URLSearchParams({ to: new Date(old).toISOString() }), []);
    const letters = this.deadLetters.remove(older, PURGE_ROWS);
    if (Math.max(lines, letters) === PURGE_ROWS) return "more";
    // Not counted, which would be to read them all.
    const some = ["deliveries", "counts", "dead_letters"].some((table) => {
      return this.ctx.storage.sql.exec(`SELECT 1 FROM ${table} LIMIT 1`).toArray().length > 0;
    });
    return some ? "some" : "none";
  }
}
