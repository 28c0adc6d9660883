// What the signature covers, byte for byte, with nothing invisible.

import type { SignedContent } from "../judge/signed-content.js";
import { sized } from "../delivery/bytes.js";
import { shortened, visibleBytes, type Piece } from "../judge/visible.js";
import { byId, h } from "./dom.js";

/** More would only make the page slow. */
const MOST_SHOWN = 6000;

export function showSigned(signed: SignedContent | undefined): void {
  const code = byId("signed-bytes");
  const about = byId("signed-about");
  byId("signed").hidden = signed === undefined;
  if (signed === undefined) return;
  if (signed.kind !== "signed") {
    about.textContent =
      signed.kind === "token"
        ? `Nothing is signed: the secret itself is in the header ${signed.header}. Who has seen a delivery can send any other.`
        : signed.reason;
    code.replaceChildren();
    code.hidden = true;
    return;
  }
  const length = signed.parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  about.replaceChildren(
    h("code", {}, signed.template),
    `, ${sized(length)} in all. The core signs exactly these bytes.`,
  );
  code.hidden = false;
  code.replaceChildren(
    ...signed.parts.flatMap(({ field, bytes }) => {
      const [head, hidden, tail] = shortened(bytes, MOST_SHOWN);
      const between = hidden === 0 ? [] : [h("span", { class: "gap" }, ` … ${sized(hidden)} more … `)];
      const pieces = [...visibleBytes(head).map(piece), ...between, ...visibleBytes(tail).map(piece)];
      return field === null
        ? [h("span", { class: "between" }, ...pieces)]
        : [h("span", { class: "field", "data-field": field, title: `{${field}}` }, ...pieces)];
    }),
  );
}

function piece({ text, mark }: Piece): Node | string {
  return mark === undefined ? text : h("span", { class: "mark", title: mark }, text);
}
