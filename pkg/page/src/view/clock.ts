// The time at which the delivery is judged: the present, unless somebody sets it for an old capture.

import { readTime, shownTime } from "../delivery/time.js";
import { byId } from "./dom.js";

export class Clock {
  readonly #field = byId<HTMLInputElement>("clock");
  readonly #onChange: () => void;
  #signedAt: number | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#field.addEventListener("input", () => this.#changed());
    byId("clock-now").addEventListener("click", () => this.set(undefined));
    byId("clock-signed").addEventListener("click", () => this.set(this.#signedAt));
    this.#show();
  }

  /** As it was set; `undefined` for the present. */
  get chosen(): number | undefined {
    return readTime(this.#field.value) ?? undefined;
  }

  /** In Unix seconds. */
  get now(): number {
    return this.chosen ?? Math.floor(Date.now() / 1000);
  }

  set(seconds: number | undefined): void {
    this.#field.value = seconds === undefined ? "" : String(seconds);
    this.#changed();
  }

  /** Offers the time that the delivery was signed at. */
  offer(signedAt: number | undefined): void {
    this.#signedAt = signedAt;
    this.#show();
  }

  #changed(): void {
    this.#show();
    this.#onChange();
  }

  #show(): void {
    const read = readTime(this.#field.value);
    const note = byId("clock-note");
    note.textContent =
      read === null
        ? "Unix seconds, or 2026-11-21 17:40:00 (UTC)."
        : read === undefined
          ? "The clock of this machine."
          : shownTime(read);
    note.dataset["tone"] = read === null ? "wrong" : "";
    this.#field.setAttribute("aria-invalid", String(read === null));
    byId("clock-now").hidden = this.#field.value === "";
    byId("clock-signed").hidden = this.#signedAt === undefined || this.#signedAt === read;
  }
}
