// The secrets: masked, and nowhere but in these fields.

import { byId, h } from "./dom.js";

export class Secrets {
  readonly #list = byId("secrets");
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    byId("secret-add").addEventListener("click", () => this.#add("").focus());
    byId("secret-show").addEventListener("click", () => this.#toggle());
    this.#add("");
  }

  get values(): string[] {
    return this.#fields()
      .map(({ value }) => value)
      .filter((value) => value !== "");
  }

  set values(values: readonly string[]) {
    this.#list.replaceChildren();
    for (const value of values.length > 0 ? values : [""]) this.#add(value);
  }

  #fields(): HTMLInputElement[] {
    return [...this.#list.querySelectorAll("input")];
  }

  #add(value: string): HTMLInputElement {
    const count = this.#fields().length + 1;
    const isShown = byId("secret-show").getAttribute("aria-pressed") === "true";
    const field = h("input", {
      id: `secret-${count}`,
      type: isShown ? "text" : "password",
      // No name and no form: password managers are not asked to keep it.
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "data-1p-ignore": true,
      "data-lpignore": "true",
      "aria-label": count === 1 ? "Signing secret" : `Signing secret ${count}`,
      placeholder: count === 1 ? "As the provider shows it" : "An older or newer one",
    });
    field.value = value;
    field.addEventListener("input", this.#onChange);
    this.#list.append(field);
    return field;
  }

  #toggle(): void {
    const button = byId("secret-show");
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    for (const field of this.#fields()) field.type = shown ? "text" : "password";
  }
}
