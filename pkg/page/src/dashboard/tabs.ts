// Deliveries and dead letters, of which one is seen.

import { byId } from "../view/dom.js";

const NAMES = ["deliveries", "letters"] as const;
export type Name = (typeof NAMES)[number];

let onShow: (name: Name) => void = () => {};

export function setUpTabs(shown: (name: Name) => void): void {
  onShow = shown;
  for (const [at, name] of NAMES.entries()) {
    const tab = byId(`${name}-tab`);
    tab.addEventListener("click", () => showTab(name));
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: NAMES.length - 1 }[event.key];
      const next = to === undefined ? undefined : NAMES[(to + NAMES.length) % NAMES.length];
      if (next === undefined) return;
      event.preventDefault();
      showTab(next);
      byId(`${next}-tab`).focus();
    });
  }
}

export function showTab(name: Name): void {
  for (const one of NAMES) {
    const tab = byId(`${one}-tab`);
    tab.setAttribute("aria-selected", String(one === name));
    tab.tabIndex = one === name ? 0 : -1;
    byId(one).hidden = one !== name;
  }
  onShow(name);
}
