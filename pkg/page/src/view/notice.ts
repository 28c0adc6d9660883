// One line for what just happened, with a way back where there is one.

import { byId, h } from "./dom.js";

let timer: ReturnType<typeof setTimeout> | undefined;

export function notify(text: string, undo?: () => void): void {
  clearTimeout(timer);
  const button = undo && h("button", { type: "button", class: "link" }, "Undo");
  button?.addEventListener("click", () => {
    undo?.();
    notify("Undone.");
  });
  byId("notice").replaceChildren(h("span", {}, text), ...(button === undefined ? [] : [button]));
  byId("notice").dataset["shown"] = "true";
  timer = setTimeout(() => {
    byId("notice").replaceChildren();
    delete byId("notice").dataset["shown"];
  }, 12_000);
}
