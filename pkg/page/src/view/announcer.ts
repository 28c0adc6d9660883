// Tells screen readers what changed, once it stays the same for a moment.

import { byId } from "./dom.js";

let spoken = "";
let speaking: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  clearTimeout(speaking);
  if (text === spoken) return;
  speaking = setTimeout(() => {
    spoken = text;
    byId("announcer").textContent = text;
  }, 700);
}
