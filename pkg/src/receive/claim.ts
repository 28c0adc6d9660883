// Claim, then settle or release. A store that fails or does not answer in time never keeps a delivery waiting.

import { HookwardenError } from "hookwarden/errors";
import type { Claim } from "../stores/store.js";
import { report } from "./hooks.js";
import type { Settings } from "./settings.js";

export type Outcome = Claim | "unavailable";

/** The claim on one event. */
export class Hold {
  readonly #settings: Settings<any, any>;
  readonly #key: string;
  /** Tells this claim from a later one, which a late release must not undo. */
  readonly #holder = crypto.randomUUID();
  #done = false;

  constructor(settings: Settings<any, any>, key: string) {
    this.#settings = settings;
    this.#key = key;
  }

  async claim(): Promise<Outcome> {
    const { lease } = this.#settings;
    const claim = await this.#ask((store) => store.claim(this.#key, this.#holder, lease));
    return claim ?? "unavailable";
  }

  /**
   * Settles if the handler answered 2xx, and releases otherwise. Only the first call counts. Also after a claim that
   * failed: the store may have noted it, and its answer got lost.
   */
  async done(status: number | undefined): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    const settled = status !== undefined && status >= 200 && status < 300;
    const window = this.#settings.verifier().window;
    await this.#ask((store) =>
      settled ? store.settle(this.#key, status, window) : store.release(this.#key, this.#holder),
    );
  }

  async #ask<T>(question: (store: NonNullable<Settings<any, any>["dedupe"]>) => T | Promise<T>): Promise<T | undefined> {
    const { dedupe, storeTimeout, hooks } = this.#settings;
    if (dedupe === undefined) return undefined;
    let timer;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${storeTimeout} s`)), storeTimeout * 1000);
      });
      // Within an async function, so that a store that throws at once is one that fails.
      return await Promise.race([(async () => question(dedupe))(), late]);
    } catch (cause) {
      report(hooks, new HookwardenError("store_unavailable", "the store of handled events failed", { cause }));
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
