// The log of deliveries and the dead letters: one object for all sources, so that a listing is one query.

import { DurableObject } from "cloudflare:workers";
import { answer, matching } from "./api.js";
import { Configuration, type Published } from "./configuration.js";
import { DeadLetters, type Death } from "./dead-letters.js";
import { Deliveries } from "./deliveries.js";
import { BadRequest, Filter } from "./filter.js";

interface Env {
  readonly CONFIG?: KVNamespace;
  readonly LOG_DAYS?: number | string;
  readonly DEAD_LETTER_DAYS?: number | string;
}

const DAY_MS = 86_400_000;
const LOG_DAYS = 7;
const DEAD_LETTER_DAYS = 30;
/** How many rows one alarm removes of each table, and when the next one comes. */
const PURGE_ROWS = 1_000;
const PURGE_AGAIN_MS = 1_000;
const PURGE_EVERY_MS = 3_600_000;

export class DeliveryLog extends DurableObject<Env> {
  readonly deliveries = new Deliveries(this.ctx.storage);
  readonly deadLetters = new DeadLetters(this.ctx.storage);
  readonly #configuration = new Configuration(this.ctx.storage, this.env.CONFIG);
  #armed = false;

  record(lines: readonly (readonly [number, string])[]): void {
    this.#arm();
    this.deliveries.add(lines);
  }

  bury(meta: string, body: Uint8Array, death: Death): void {
    this.#arm();
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

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    this.ctx.waitUntil(this.#setAlarm());
  }

  async #setAlarm(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + PURGE_EVERY_MS);
  }

  override async alarm(): Promise<void> {
    const more = this.purge();
    await this.ctx.storage.setAlarm(Date.now() + (more ? PURGE_AGAIN_MS : PURGE_EVERY_MS));
  }

  /** How much there is. */
  tally(): { deliveries: number; dead_letters: number } {
    const [deliveries, letters] = ["deliveries", "dead_letters"].map((table) => {
      return this.ctx.storage.sql.exec<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).one().count;
    });
    return { deliveries: deliveries ?? 0, dead_letters: letters ?? 0 };
  }

  /** Removes what is older than it may become, some rows at a time; whether there may be more. */
  purge(): boolean {
    const before = (days: number | string | undefined, otherwise: number) =>
      Date.now() - (Number(days) || otherwise) * DAY_MS;
    const lines = this.deliveries.purge(before(this.env.LOG_DAYS, LOG_DAYS), PURGE_ROWS);
    const old = before(this.env.DEAD_LETTER_DAYS, DEAD_LETTER_DAYS);
    const older = new Filter(new URLSearchParams({ to: new Date(old).toISOString() }), []);
    const letters = this.deadLetters.remove(older, PURGE_ROWS);
    return Math.max(lines, letters) === PURGE_ROWS;
  }
}
