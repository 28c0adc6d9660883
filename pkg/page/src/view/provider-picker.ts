// A field in which a provider is searched by its name or by one of its headers (the combobox pattern of ARIA).

import { headersOf, providers, type ProviderFacts } from "../delivery/catalogue.js";
import { byId, h } from "./dom.js";

export const OWN = "own";

interface Choice {
  /** `undefined` to guess. */
  readonly value: string | undefined;
  readonly title: string;
  readonly note: string;
  readonly words: string;
}

export class ProviderPicker {
  readonly #field = byId<HTMLInputElement>("provider");
  readonly #list = byId("provider-list");
  readonly #onChoose: (value: string | undefined) => void;
  #choices: Choice[] = [GUESS, ...providers.map(choiceOf)];
  #shown: Choice[] = [];
  #active = -1;
  #value: string | undefined;

  constructor(onChoose: (value: string | undefined) => void) {
    this.#onChoose = onChoose;
    const field = this.#field;
    field.addEventListener("focus", () => field.select());
    field.addEventListener("click", () => this.#open(""));
    field.addEventListener("input", () => this.#open(field.value));
    field.addEventListener("blur", () => this.#close());
    field.addEventListener("keydown", (event) => this.#key(event));
    // Before the field loses the focus.
    this.#list.addEventListener("pointerdown", (event) => {
      const option = (event.target as Element).closest("[role=option]");
      event.preventDefault();
      if (option !== null) this.#choose(this.#shown[[...this.#list.children].indexOf(option)]);
    });
    this.#close();
  }

  /** Offers a definition of one's own, where this build takes one. */
  offerOwn(): void {
    this.#choices = [
      ...this.#choices,
      { value: OWN, title: "Your own definition", note: "paste it as JSON", words: "own definition custom" },
    ];
  }

  get value(): string | undefined {
    return this.#value;
  }

  set value(value: string | undefined) {
    this.#value = this.#choices.some((choice) => choice.value === value) ? value : undefined;
    this.#close();
  }

  #open(search: string): void {
    const words = search.toLowerCase().trim().split(/\s+/).filter(Boolean);
    const found = this.#choices.filter((choice) => words.every((word) => choice.words.includes(word)));
    // Several have the headers of Svix; who types a name means the one of that name.
    const isNamed = (choice: Choice) => words[0] !== undefined && choice.words.startsWith(words[0]);
    this.#shown = [...found.filter(isNamed), ...found.filter((choice) => !isNamed(choice))];
    this.#active =
      words.length > 0 && this.#shown.length > 0 ? 0 : this.#shown.findIndex(({ value }) => value === this.#value);
    this.#list.replaceChildren(
      ...this.#shown.map(({ value, title, note }, at) =>
        h(
          "li",
          { role: "option", id: `provider-${at}`, "aria-selected": String(value === this.#value) },
          h("span", { class: "option-title" }, title),
          h("span", { class: "option-note" }, note),
        ),
      ),
      ...(this.#shown.length > 0
        ? []
        : [
            h(
              "li",
              { role: "option", "aria-disabled": "true", "aria-selected": "false" },
              "No provider has this name or header.",
            ),
          ]),
    );
    this.#list.hidden = false;
    this.#field.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  #close(): void {
    this.#list.hidden = true;
    this.#field.setAttribute("aria-expanded", "false");
    this.#field.removeAttribute("aria-activedescendant");
    this.#field.value = this.#choices.find(({ value }) => value === this.#value)?.title ?? "";
  }

  #choose(choice: Choice | undefined): void {
    if (choice === undefined) return;
    this.#value = choice.value;
    this.#close();
    this.#onChoose(choice.value);
  }

  #mark(): void {
    for (const [at, option] of [...this.#list.children].entries()) {
      option.classList.toggle("active", at === this.#active);
      if (at === this.#active) option.scrollIntoView({ block: "nearest" });
    }
    if (this.#active < 0) this.#field.removeAttribute("aria-activedescendant");
    else this.#field.setAttribute("aria-activedescendant", `provider-${this.#active}`);
  }

  #key(event: KeyboardEvent): void {
    const { key } = event;
    const isOpen = !this.#list.hidden;
    if (key === "Escape" && isOpen) this.#close();
    else if (key === "Enter" && isOpen) this.#choose(this.#shown[this.#active]);
    else if (key === "ArrowDown" || key === "ArrowUp") {
      if (!isOpen) this.#open("");
      else {
        const step = key === "ArrowDown" ? 1 : -1;
        this.#active =
          (Math.max(this.#active, step < 0 ? 0 : -1) + step + this.#shown.length) % Math.max(1, this.#shown.length);
        this.#mark();
      }
    } else return;
    event.preventDefault();
  }
}

const GUESS: Choice = {
  value: undefined,
  title: "Guess from the headers",
  note: "",
  words: "guess from the headers auto",
};

function choiceOf(provider: ProviderFacts): Choice {
  const headers = [...new Set(headersOf(provider.schemes))];
  return {
    value: provider.name,
    title: provider.title,
    note: headers.slice(0, 2).join(", "),
    words: [provider.name, provider.title, ...headers].join(" ").toLowerCase(),
  };
}
