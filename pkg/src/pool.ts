import { call, onReplaced } from "./wasm.js";

interface Handle {
  free(): void;
}

/** How many objects are kept at most. */
const MOST = 1024;
/** How long their texts may be together: what an object takes of the core's memory goes by that of its text. */
const MOST_TEXT = 1_000_000;

/**
 * Objects in the core's memory, by the text that they are made from. The garbage collector of JavaScript does not see
 * that memory, so it is never more than a fixed amount: the one that was not used for longest is freed, and made again
 * should it be asked for. That is why a verifier can be created for every request.
 */
export class Pool<H extends Handle> {
  readonly #make: (text: string) => H;
  #handles = new Map<string, H>();
  /** Of all texts together. */
  #length = 0;
  /** The one that was asked for last, with its text. To look it up costs much for a text of more than 16 KB. */
  #newest: readonly [text: string, handle: H] | undefined;

  constructor(make: (text: string) => H) {
    this.#make = make;
    onReplaced(() => {
      this.#handles = new Map();
      this.#length = 0;
      this.#newest = undefined;
    });
  }

  /** The object for a text. It is good until the next call of `get`. */
  get(text: string): H {
    if (this.#newest?.[0] === text) return this.#newest[1];
    const handle = this.#handles.get(text) ?? this.#make(text);
    if (!this.#handles.delete(text)) this.#length += text.length;
    this.#handles.set(text, handle);
    this.#newest = [text, handle];
    while (this.#handles.size > MOST || (this.#length > MOST_TEXT && this.#handles.size > 1)) this.#freeOldest();
    return handle;
  }

  #freeOldest(): void {
    for (const [text, handle] of this.#handles) {
      this.#handles.delete(text);
      this.#length -= text.length;
      call(() => handle.free());
      return;
    }
  }
}
