// Names and values, as a list of terms. A value may be an element; what is absent is left out.

import { h } from "../view/dom.js";

export function facts(values: Readonly<Record<string, Node | string | null | undefined>>): HTMLElement[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === null || value === undefined || value === ""
      ? []
      : [h("div", {}, h("dt", {}, name), h("dd", {}, value))],
  );
}
