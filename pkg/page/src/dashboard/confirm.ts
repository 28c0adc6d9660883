// Asks before what cannot be undone.

import { byId } from "../view/dom.js";

/** Whether the person means it. Escape and "Cancel" are no. */
export function confirmed(title: string, says: string, action: string): Promise<boolean> {
  const dialog = byId<HTMLDialogElement>("confirm");
  byId("confirm-title").textContent = title;
  byId("confirm-says").textContent = says;
  byId("confirm-do").textContent = action;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "do"), { once: true });
  });
}

export function setUpConfirm(): void {
  const dialog = byId<HTMLDialogElement>("confirm");
  byId("confirm-cancel").addEventListener("click", () => dialog.close());
  byId("confirm-do").addEventListener("click", () => dialog.close("do"));
}
