// A list whose rows come, go and change while somebody reads it. A row that stays is the same element, so that it keeps
// focus and selection; and what is being read stays where it is on the screen.

import { h } from "../view/dom.js";

interface Shown {
  readonly text: string;
  readonly element: HTMLLIElement;
}

export class Rows<T> {
  readonly #list: HTMLElement;
  readonly #idOf: (item: T) => string;
  readonly #make: (item: T) => readonly HTMLElement[];
  #shown = new Map<string, Shown>();
  #current: string | undefined;
  #chosen: string | undefined;

  /** `make` gives what stands in a row. The keyboard reaches its buttons and boxes row by row, with the arrow keys. */
  constructor(list: HTMLElement, idOf: (item: T) => string, make: (item: T) => readonly HTMLElement[]) {
    this.#list = list;
    this.#idOf = idOf;
    this.#make = make;
    list.addEventListener("keydown", (event) => this.#move(event));
    list.addEventListener("focusin", ({ target }) => {
      const row = (target as Element).closest<HTMLElement>("li");
      if (row?.dataset["id"] !== undefined) this.#reachable(row.dataset["id"]);
    });
  }

  /** Makes the list hold these, in this order. */
  show(items: readonly T[]): void {
    const wanted = new Map(items.map((item) => [this.#idOf(item), item]));
    const { activeElement } = document;
    const focused = activeElement !== null && this.#list.contains(activeElement) ? activeElement : undefined;
    this.#keepingPlace(() => {
      const next = this.#after(focused, wanted);
      for (const [id, { element }] of this.#shown) if (!wanted.has(id)) element.remove();
      const shown = new Map<string, Shown>();
      let place = this.#list.firstElementChild;
      for (const [id, item] of wanted) {
        const row = this.#row(id, item);
        shown.set(id, row);
        if (row.element === place) place = place.nextElementSibling;
        else this.#list.insertBefore(row.element, place);
      }
      this.#shown = shown;
      this.#choose();
      this.#reachable(this.#current);
      if (focused?.isConnected === false) this.#focus(next, controlAt(focused));
    });
  }

  /** Marks a row as the one that is looked at. */
  choose(id: string | undefined): void {
    this.#chosen = id;
    this.#choose();
  }

  focusChosen(): void {
    this.#focus(this.#chosen, -1);
  }

  #row(id: string, item: T): Shown {
    const text = JSON.stringify(item);
    const before = this.#shown.get(id);
    if (before?.text === text) return before;
    if (before === undefined) return { text, element: h("li", { "data-id": id }, ...this.#make(item)) };
    const { element } = before;
    const at = element.contains(document.activeElement) ? controlAt(document.activeElement as Element) : undefined;
    element.replaceChildren(...this.#make(item));
    if (at !== undefined) controlsOf(element).at(at)?.focus({ preventScroll: true });
    return { text, element };
  }

  /** Where the focus goes if its row is about to go. */
  #after(focused: Element | undefined, wanted: ReadonlyMap<string, T>): string | undefined {
    let row: Element | null | undefined = focused?.closest("li");
    while (row instanceof HTMLElement) {
      const id = row.dataset["id"];
      if (id !== undefined && wanted.has(id)) return id;
      row = row.nextElementSibling ?? null;
    }
    return [...wanted.keys()].at(-1);
  }

  #choose(): void {
    for (const [id, { element }] of this.#shown) {
      const button = controlsOf(element).at(-1);
      if (id === this.#chosen) button?.setAttribute("aria-current", "true");
      else button?.removeAttribute("aria-current");
    }
  }

  /** One row can be reached with Tab. */
  #reachable(id: string | undefined): void {
    const wished = [id, this.#chosen].find((one) => one !== undefined && this.#shown.has(one));
    this.#current = wished ?? this.#shown.keys().next().value;
    for (const [one, { element }] of this.#shown) {
      for (const control of controlsOf(element)) control.tabIndex = one === this.#current ? 0 : -1;
    }
  }

  #move(event: KeyboardEvent): void {
    const ids = [...this.#shown.keys()];
    const target = event.target as Element;
    const at = ids.indexOf(target.closest<HTMLElement>("li")?.dataset["id"] ?? "");
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    this.#focus(ids[Math.min(Math.max(to, 0), ids.length - 1)], controlAt(target));
  }

  #focus(id: string | undefined, control: number): void {
    const element = id === undefined ? undefined : this.#shown.get(id)?.element;
    if (element !== undefined) controlsOf(element).at(control)?.focus();
  }

  /** The row that is used, pointed at or scrolled to does not move on the screen while others come and go. */
  #keepingPlace(change: () => void): void {
    const anchor = this.#anchor();
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (anchor === undefined || !anchor.isConnected) return;
    const moved = anchor.getBoundingClientRect().top - before;
    if (moved === 0) return;
    const own = this.#list.scrollHeight > this.#list.clientHeight && getComputedStyle(this.#list).overflowY === "auto";
    if (own) this.#list.scrollTop += moved;
    else document.scrollingElement?.scrollBy(0, moved);
  }

  #anchor(): Element | undefined {
    const used = this.#list.querySelector("li:focus-within") ?? this.#list.querySelector("li:hover");
    if (used !== null) return used;
    const { top } = this.#list.getBoundingClientRect();
    const edge = Math.max(top, 0);
    // At the top of the list, what is new is what one wants to see.
    if (this.#list.scrollTop === 0 && top >= 0) return undefined;
    return [...this.#list.children].find((row) => row.getBoundingClientRect().bottom > edge);
  }
}

const controlsOf = (row: Element): HTMLElement[] => [...row.querySelectorAll<HTMLElement>("button, input")];

/** Which of its row's controls it is. */
function controlAt(control: Element): number {
  const row = control.closest("li");
  return row === null ? -1 : controlsOf(row).indexOf(control as HTMLElement);
}

/** From where, and what: the second line of a row. */
export function about(source: string, eventType: string | null): HTMLElement {
  const event = h("code", { class: "entry-event" }, eventType ?? "no event type known");
  return h("span", { class: "entry-about" }, h("span", { class: "entry-source" }, source), event);
}
