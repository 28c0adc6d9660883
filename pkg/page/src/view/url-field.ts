// The URL of the endpoint: only where it is signed. What the request says of it is a guess, and shown as one.

import type { Head } from "../delivery/headers.js";
import { guessedUrl } from "../delivery/url.js";
import { byId } from "./dom.js";

export class UrlField {
  readonly #field = byId<HTMLInputElement>("url");
  /** As a curl command had it. */
  #guess: string | undefined;

  constructor(onChange: () => void) {
    this.#field.addEventListener("input", onChange);
  }

  /** What was entered. */
  get value(): string | undefined {
    const text = this.#field.value.trim();
    return text === "" ? undefined : text;
  }

  set(url: string | undefined, guess: string | undefined): void {
    this.#field.value = url ?? "";
    this.#guess = guess;
  }

  /** The URL that the delivery is judged with. */
  of(head: Pick<Head, "target" | "headers">): string | undefined {
    return this.value ?? this.#guess ?? guessedUrl(head);
  }

  show(isSigned: boolean, head: Pick<Head, "target" | "headers">): void {
    byId("url-setting").hidden = !isSigned;
    const guess = this.#guess ?? guessedUrl(head);
    this.#field.placeholder = guess ?? "https://example.com/webhooks?a=b";
    const note = byId("url-note");
    const isGuess = this.value === undefined && guess !== undefined;
    const from = this.#guess === undefined ? "request line and Host, as https" : "the curl command";
    note.dataset["tone"] = isGuess ? "guess" : "";
    note.textContent = isGuess
      ? `Guessed: from ${from}. Enter the URL that the provider calls, if it is another.`
      : "As it is entered at the provider, with the query as received. It is signed.";
  }
}
