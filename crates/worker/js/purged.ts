// A Durable Object whose alarms purge what has expired.

import { DurableObject } from "cloudflare:workers";

const AGAIN_MS = 1_000;
const EVERY_MS = 3_600_000;

export abstract class Purged<E = unknown> extends DurableObject<E> {
  #armed = false;

  /**
   * Purges some rows, no more, because an object does nothing else meanwhile. Says whether there are more to look at, or
   * any at all.
   */
  abstract purge(): "more" | "some" | "none";

  /** Sees to it that what is written now is purged one day. */
  protected arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    this.ctx.waitUntil(this.#setAlarm());
  }

  async #setAlarm(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + EVERY_MS);
  }

  override async alarm(): Promise<void> {
    const left = this.purge();
    this.#armed = left !== "none";
    if (this.#armed) await this.ctx.storage.setAlarm(Date.now() + (left === "more" ? AGAIN_MS : EVERY_MS));
  }
}
