import { call, onReplaced } from "./wasm.js";

interface Handle {
  free(): void;
}

/**
 * Objects in the core's memory, by the text that they are made from. The garbage collector of JavaScript does not see
 * that memory, so there are never more than a fixed number: the one that was not used for longest is freed, and made
 * again should it be asked for. That is why a verifier can be created for every request.
 */
export class Pool<H extends Handle> {
  readonly #make: (text: string) => H;
  readonly #capacity: number;
  #handles = new Map<string, H>();
  /** The one that was asked for last, with its text. To look it up costs much for a text of more than 16 KB. */
  #newest: readonly [text: string, handle: H] | undefined;

  constructor(capacity: number, make: (text: string) => H) {
    this.#capacity = capacity;
    this.#make = make;
    onReplaced(() => {
      this.#handles = new Map();
      this.#newest = undefined;
    });
  }

  /** The object for a text. It is good until the next call of `get`. */
  get(text: string): H {
    if (this.#newest?.[0] === text) return this.#newest[1];
    const handle = this.#handles.get(text) ?? this.#make(text);
    this.#handles.delete(text);
    this.#handles.set(text, handle);
    this.#newest = [text, handle];
    if (this.#handles.size > this.#capacity) this.#freeOldest();
    return handle;
  }

  #freeOldest(): void {
    for (const [text, handle] of this.#handles) {
      this.#handles.delete(text);
      call(() => handle.free());
      return;
    }
  }
}
