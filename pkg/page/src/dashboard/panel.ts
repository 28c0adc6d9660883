// The card beside a list that has one of its entries in full.

import { byId, icon } from "../view/dom.js";

const WIDE = matchMedia("(min-width: 980px)");

/** Whether the card stands below its list rather than beside it. */
export const isNarrow = (): boolean => !WIDE.matches;

export class Panel {
  readonly #name: string;

  constructor(name: string, onClose: () => void) {
    this.#name = name;
    this.#part("close").addEventListener("click", onClose);
  }

  get #title(): HTMLElement {
    return this.#part("title");
  }

  show(state: string, symbol: string, title: string, code: string | null, says: string): void {
    const head = this.#part("head");
    head.dataset["state"] = state;
    this.#part("icon").replaceChildren(icon(symbol));
    this.#title.textContent = title;
    const chip = this.#part("code");
    chip.textContent = code ?? "";
    chip.hidden = code === null;
    this.#part("says").textContent = says;
    this.#part("whole").hidden = false;
    this.#part("none").hidden = true;
  }

  /** Gives whether the focus was there. */
  hide(): boolean {
    const whole = this.#part("whole");
    const hadFocus = whole.contains(document.activeElement);
    whole.hidden = true;
    for (const part of whole.querySelectorAll("ol, dl, strong, code, .whole-says")) part.replaceChildren();
    this.#part("none").hidden = false;
    return hadFocus;
  }

  /** Goes there: for who cannot see that it changed. */
  focus(): void {
    this.#title.focus({ preventScroll: true });
    this.#part("whole").scrollIntoView({ block: "nearest" });
    if (isNarrow()) this.#part("whole").scrollIntoView();
  }

  #part(name: string): HTMLElement {
    return byId(`${this.#name}-${name}`);
  }
}
