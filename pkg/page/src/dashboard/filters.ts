// What a listing is narrowed down to: fields above it, and the query that they make.

import { h } from "../view/dom.js";
import type { Query } from "./api.js";
import { fieldOf, secondsOf } from "./times.js";

export type Field = "range" | "source" | "verdict" | "reason" | "event_type";

const LABELS: Readonly<Record<Field, string>> = {
  range: "Time",
  source: "Source",
  verdict: "Verdict or code",
  reason: "Reason",
  event_type: "Event type",
};
const ANY: Readonly<Record<Exclude<Field, "range" | "event_type">, string>> = {
  source: "All sources",
  verdict: "All verdicts",
  reason: "All reasons",
};
const RANGES: readonly (readonly [value: string, title: string])[] = [
  ["3600", "Last hour"],
  ["86400", "Last 24 hours"],
  ["604800", "Last 7 days"],
  ["all", "All that is kept"],
  ["between", "Between two times"],
];
/** While somebody types an event type, each pause is a question. */
const PAUSE_MS = 400;

export class Filters {
  readonly #fields = new Map<string, HTMLInputElement | HTMLSelectElement>();
  readonly #known = new Map<Field, Set<string>>();
  readonly #suggestions: HTMLDataListElement;
  readonly #between: HTMLElement[] = [];
  readonly #onChange: () => void;
  readonly #range: string;

  /** `range` is what the time is at first. */
  constructor(place: HTMLElement, fields: readonly Field[], range: string, onChange: () => void) {
    this.#onChange = onChange;
    this.#range = range;
    const name = place.id;
    this.#suggestions = h("datalist", { id: `${name}-events` });
    for (const field of fields) {
      const element = field === "event_type" ? this.#eventType(this.#suggestions.id) : this.#select(field);
      place.append(this.#setting(`${name}-${field}`, field, LABELS[field], element));
      if (field === "range") place.append(...this.#times(name));
    }
    const clear = h("button", { type: "button", class: "quiet", id: `${name}-clear` }, "Clear");
    clear.addEventListener("click", () => this.#clear());
    place.append(this.#suggestions, clear);
    this.#clear(false);
  }

  /** The parameters of the API. */
  get query(): Query {
    const range = this.#value("range");
    const now = Math.floor(Date.now() / 1000);
    const verdict = this.#value("verdict") ?? "";
    const [kind, value] = verdict.split(/:(.*)/s);
    return {
      source: this.#value("source"),
      reason: this.#value("reason"),
      event_type: this.#value("event_type"),
      verdict: kind === "verdict" ? value : undefined,
      code: kind === "code" ? value : undefined,
      from: /^\d+$/.test(range ?? "") ? now - Number(range) : this.#time("from"),
      to: this.#time("to"),
    };
  }

  /** Adds what there is to choose from. */
  offer(field: Exclude<Field, "range">, values: Iterable<string | null>): void {
    const known = this.#known.get(field) ?? new Set<string>();
    const before = known.size;
    for (const value of values) if (value !== null && value !== "") known.add(value);
    this.#known.set(field, known);
    if (known.size === before) return;
    this.#set(field, [...known].sort());
  }

  #set(field: Exclude<Field, "range">, values: readonly string[]): void {
    const options = values.map((value) => new Option(value, field === "verdict" ? `code:${value}` : value));
    const element = this.#fields.get(field);
    if (field === "event_type") this.#suggestions.replaceChildren(...options);
    else if (element instanceof HTMLSelectElement) {
      const { value } = element;
      const codes = element.querySelector("optgroup");
      if (codes === null) element.replaceChildren(...element.querySelectorAll('[value=""]'), ...options);
      else codes.replaceChildren(...options);
      element.value = value;
    }
  }

  /** Forgets what there was to choose from. */
  forget(): void {
    for (const field of this.#known.keys()) this.#set(field as Exclude<Field, "range">, []);
    this.#known.clear();
    this.#clear(false);
  }

  /** Narrows down to one value. */
  choose(field: "verdict" | "source", value: string): void {
    const element = this.#fields.get(field);
    if (element === undefined) return;
    element.value = value;
    this.#onChange();
  }

  #value(name: string): string | undefined {
    return this.#fields.get(name)?.value.trim() || undefined;
  }

  #time(name: string): number | undefined {
    return this.#value("range") === "between" ? secondsOf(this.#value(name) ?? "") : undefined;
  }

  #setting(id: string, name: string, label: string, element: HTMLInputElement | HTMLSelectElement): HTMLElement {
    element.id = id;
    this.#fields.set(name, element);
    return h("div", { class: "setting" }, h("label", { for: id }, label), element);
  }

  #select(field: Exclude<Field, "event_type">): HTMLSelectElement {
    const select = h("select");
    if (field === "range") select.append(...RANGES.map(([value, title]) => new Option(title, value)));
    else select.append(new Option(ANY[field], ""));
    if (field === "verdict") {
      select.append(new Option("Accepted", "verdict:accepted"), new Option("Rejected", "verdict:rejected"));
      select.append(h("optgroup", { label: "Codes" }));
    }
    select.addEventListener("change", () => this.#changed());
    return select;
  }

  #eventType(suggestions: string): HTMLInputElement {
    const attributes = { list: suggestions, autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
    const field = h("input", { type: "text", placeholder: "Any", ...attributes });
    let timer: ReturnType<typeof setTimeout> | undefined;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(this.#onChange, PAUSE_MS);
    });
    return field;
  }

  #times(name: string): HTMLElement[] {
    const labels = { from: "From", to: "Until" };
    for (const [which, label] of Object.entries(labels)) {
      const field = h("input", { type: "datetime-local" });
      field.addEventListener("change", this.#onChange);
      this.#between.push(this.#setting(`${name}-${which}`, which, label, field));
    }
    return this.#between;
  }

  #clear(tell = true): void {
    for (const [name, field] of this.#fields) field.value = name === "range" ? this.#range : "";
    this.#changed(tell);
  }

  #changed(tell = true): void {
    const isBetween = this.#value("range") === "between";
    for (const setting of this.#between) setting.hidden = !isBetween;
    const from = this.#fields.get("from");
    if (isBetween && from?.value === "") from.value = fieldOf(Math.floor(Date.now() / 1000) - 86_400);
    if (tell) this.#onChange();
  }
}
