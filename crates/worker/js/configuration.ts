// The document of sources as the admin API keeps it. KV has no compare-and-set and may answer with what it knew a
// minute ago: so the newest revision is kept here, in the one Durable Object, and KV is what the instances read.

import { KEY } from "./document.js";

interface Kept {
  readonly revision: number;
  readonly text: string;
}

/** A document is in force, or there is something in its way: the revision that there is, or KV. */
export type Published = { readonly done: true } | { readonly revision: number } | { readonly failed: true };

export class Configuration {
  readonly #storage: DurableObjectStorage;
  readonly #namespace: KVNamespace | undefined;
  #publishing = false;

  constructor(storage: DurableObjectStorage, namespace: KVNamespace | undefined) {
    this.#storage = storage;
    this.#namespace = namespace;
  }

  /** The newest document: what was published here, or what somebody has put into KV since. */
  async newest(): Promise<Kept | undefined> {
    const [kept, text] = await Promise.all([this.#storage.get<Kept>(KEY), this.#namespace?.get(KEY)]);
    const found = typeof text === "string" ? { revision: revisionIn(text), text } : undefined;
    return found !== undefined && found.revision > (kept?.revision ?? 0) ? found : kept;
  }

  /** Puts a document in force whose revision follows on the newest one. The same one again does no harm. */
  async publish(revision: number, text: string): Promise<Published> {
    if (this.#publishing) return { failed: true };
    this.#publishing = true;
    try {
      const newest = await this.newest();
      if (newest !== undefined && newest.text !== text && newest.revision + 1 !== revision) {
        return { revision: newest.revision };
      }
      await this.#namespace?.put(KEY, text);
      await this.#storage.put<Kept>(KEY, { revision, text });
      return { done: true };
    } catch {
      return { failed: true };
    } finally {
      this.#publishing = false;
    }
  }
}

/** Of a document that nobody has checked. */
function revisionIn(text: string): number {
  try {
    return Number((JSON.parse(text) as { revision?: unknown } | null)?.revision) || 0;
  } catch {
    return 0;
  }
}
