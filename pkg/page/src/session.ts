// What is in the page at the moment: the fields together, as a question for the core.

import { textOf, utf8 } from "./delivery/bytes.js";
import { readHead, writeHead, type Head } from "./delivery/headers.js";
import type { Question } from "./judge/protocol.js";
import { byId } from "./view/dom.js";
import { Clock } from "./view/clock.js";
import { Editor } from "./view/editor.js";
import { OWN, ProviderPicker } from "./view/provider-picker.js";
import { Secrets } from "./view/secrets.js";
import { UrlField } from "./view/url-field.js";

/** Whatever can be filled in at once. */
export interface Filling {
  readonly provider?: string | undefined;
  readonly scheme?: string | undefined;
  readonly head?: Pick<Head, "method" | "target" | "headers"> | undefined;
  /** The same as text. */
  readonly headers?: string | undefined;
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  readonly secrets?: readonly string[] | undefined;
  readonly now?: number | undefined;
  /** The URL of the endpoint, as it was signed. */
  readonly url?: string | undefined;
  /** The same, as a guess. */
  readonly guessedUrl?: string | undefined;
}

export class Session {
  readonly headers: Editor;
  readonly body: Editor;
  readonly schema: Editor;
  readonly definition: Editor;
  readonly provider: ProviderPicker;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly url: UrlField;
  readonly scheme = byId<HTMLSelectElement>("scheme");
  readonly mode = byId<HTMLInputElement>("mode");
  /** A body that no editor can hold: bytes that are not UTF-8. */
  #binary: Uint8Array<ArrayBuffer> | undefined;
  #encoded: { readonly of: object; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;
  #silent = false;

  /** `onEdit` is called for each change of a text, `onChange` for all others. */
  constructor(onEdit: () => void, onChange: () => void, onPaste: (text: string, into: "headers" | "body") => boolean) {
    const changed = () => {
      if (!this.#silent) onChange();
    };
    const edited = () => {
      if (!this.#silent) onEdit();
    };
    this.headers = new Editor({
      parent: byId("headers"),
      label: "Headers",
      placeholder: "Paste headers here, a whole raw request, or a curl command.",
      language: "headers",
      onChange: edited,
      onPaste: (text) => onPaste(text, "headers"),
    });
    this.body = new Editor({
      parent: byId("body"),
      label: "Body",
      placeholder: "The raw body, exactly as it was received.",
      language: "json",
      onChange: edited,
      onPaste: (text) => onPaste(text, "body"),
    });
    this.schema = new Editor({
      parent: byId("schema"),
      label: "Your own schema",
      placeholder: '{ "type": "object", "required": ["id"] }',
      language: "json",
      onChange: edited,
    });
    this.definition = new Editor({
      parent: byId("definition"),
      label: "Provider definition",
      placeholder:
        '{ "name": "example", "title": "Example", "docs": "", "event": { "type": ["/type"] }, "schemes": [ … ] }',
      language: "json",
      onChange: edited,
    });
    this.provider = new ProviderPicker(() => {
      this.scheme.value = "";
      changed();
    });
    this.secrets = new Secrets(changed);
    this.clock = new Clock(changed);
    this.url = new UrlField(changed);
    this.scheme.addEventListener("change", changed);
    this.mode.addEventListener("change", changed);
    byId("binary-drop").addEventListener("click", () => {
      this.bytes = new Uint8Array();
      this.body.focus();
      changed();
    });
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.#binary !== undefined) return this.#binary;
    // A large body is encoded once for each change of it, and not for each change of anything.
    if (this.#encoded?.of !== this.body.content) this.#encoded = { of: this.body.content, bytes: utf8(this.body.text) };
    return this.#encoded.bytes;
  }

  set bytes(bytes: Uint8Array<ArrayBuffer>) {
    const text = textOf(bytes);
    this.#binary = text === undefined ? bytes : undefined;
    this.body.text = text ?? "";
    byId("binary").hidden = text !== undefined;
    byId("body").hidden = text === undefined;
    if (text === undefined)
      byId("binary-says").textContent = `${bytes.length} bytes that are no UTF-8, kept as they are.`;
  }

  get isBinary(): boolean {
    return this.#binary !== undefined;
  }

  get head(): Head {
    return readHead(this.headers.text);
  }

  get isEmpty(): boolean {
    return this.headers.isEmpty && this.body.isEmpty && this.#binary === undefined;
  }

  get question(): Question {
    const { head } = this;
    const own = this.provider.value === OWN;
    const schema = this.schema.text;
    return {
      provider: own ? undefined : this.provider.value,
      definition: own ? this.definition.text : undefined,
      scheme: this.scheme.value === "" ? undefined : this.scheme.value,
      secrets: this.secrets.values,
      method: head.method,
      url: this.url.of(head),
      isUrlGuessed: this.url.value === undefined,
      headers: head.headers,
      body: this.bytes,
      now: this.clock.now,
      mode: this.mode.checked ? "enforce" : "observe",
      ownSchema: schema.trim() === "" ? undefined : schema,
    };
  }

  /** Fills in what is given, and gives back what was there. */
  fill(filling: Filling): Filling {
    const before: Filling = {
      provider: this.provider.value,
      scheme: this.scheme.value,
      headers: this.headers.text,
      body: this.bytes,
      secrets: this.secrets.values,
      now: this.clock.chosen,
      url: this.url.value,
    };
    const headers = filling.headers ?? (filling.head && writeHead(filling.head));
    this.#silent = true;
    if ("provider" in filling) this.provider.value = filling.provider;
    if ("scheme" in filling) this.#choose(filling.scheme);
    if (headers !== undefined) this.headers.text = headers;
    if (filling.body !== undefined) this.bytes = filling.body;
    if (filling.secrets !== undefined) this.secrets.values = filling.secrets;
    if ("now" in filling) this.clock.set(filling.now);
    // The URL of a delivery goes with its headers: one of another delivery would be wrong.
    if ("url" in filling || headers !== undefined) this.url.set(filling.url, filling.guessedUrl);
    this.#silent = false;
    return before;
  }

  /** The list of schemes follows the verdict, so the one that is wanted may not be in it yet. */
  #choose(scheme: string | undefined): void {
    const value = scheme ?? "";
    if (![...this.scheme.options].some((option) => option.value === value)) this.scheme.add(new Option(value, value));
    this.scheme.value = value;
  }
}
