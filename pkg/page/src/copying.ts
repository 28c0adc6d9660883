// What leaves the page: copies and links, always without secrets.

import { sized } from "./delivery/bytes.js";
import { asCurl, asExpress, asVector, type Copied, type Delivery } from "./delivery/copy-as.js";
import { toFragment } from "./delivery/share.js";
import type { Judgement } from "./judge/protocol.js";
import type { Session } from "./session.js";
import { byId } from "./view/dom.js";
import { notify } from "./view/notice.js";

type Ask = () => Judgement | undefined;

export function setUpCopying(session: Session, judgement: Ask): void {
  const opener = byId("copy-open");
  const menu = byId("copy-menu");
  const items = [...menu.querySelectorAll<HTMLElement>("button")];
  const open = (isOpen: boolean) => {
    menu.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
  };
  opener.addEventListener("click", () => {
    open(menu.hidden === true);
    if (!menu.hidden) items[0]?.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") {
      open(false);
      opener.focus();
    } else if (step !== 0) items[(at + step + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("focusin", ({ target }) => {
    if (!menu.hidden && !menu.contains(target as Node) && target !== opener) open(false);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!menu.hidden && !menu.contains(target as Node) && !opener.contains(target as Node)) open(false);
  });
  for (const item of items) {
    item.addEventListener("click", async () => {
      open(false);
      opener.focus();
      const copied = copyAs(item.dataset["copy"] as string, session, judgement());
      await put(copied.text, `Copied as ${item.textContent}.${leftOut(copied.removed)}`);
    });
  }
  byId("share").addEventListener("click", () => void share(session, judgement()));
}

function copyAs(kind: string, session: Session, judgement: Judgement | undefined): Copied {
  const delivery = deliveryOf(session, judgement);
  const { ownSchema } = session.question;
  if (kind === "express") return asExpress(delivery, ownSchema);
  return kind === "vector" ? asVector(delivery, expectationOf(judgement)) : asCurl(delivery);
}

function deliveryOf(session: Session, judgement: Judgement | undefined): Delivery {
  const { secrets, now, url } = session.question;
  const hasSeveral = session.scheme.options.length > 1;
  const scheme = hasSeveral ? judgement?.scheme : undefined;
  const signed = judgement?.signsUrl ? { url } : {};
  return { provider: judgement?.provider, scheme, head: session.head, body: session.bytes, now, secrets, ...signed };
}

function expectationOf(judgement: Judgement | undefined): unknown {
  const { verdict } = judgement ?? {};
  if (verdict === undefined) return {};
  if (verdict.code !== null) return { verdict: "rejected", code: verdict.code };
  const { type, id } = verdict.event ?? { type: null, id: null };
  return { verdict: "accepted", ...(type !== null && { event_type: type }), ...(id !== null && { event_id: id }) };
}

async function share(session: Session, judgement: Judgement | undefined): Promise<void> {
  const delivery = deliveryOf(session, judgement);
  const { chosen } = session.clock;
  const { fragment, removed, length } = await toFragment({ ...delivery, now: chosen }, delivery.secrets);
  if (fragment === undefined) {
    notify(`The delivery is too large for a link (${sized(length)}). Copy it as curl instead.`);
    return;
  }
  const held = delivery.url === undefined ? "provider, headers and body" : "provider, headers, URL and body";
  const link = new URL(location.pathname + fragment, location.href).href;
  await put(link, `The link is copied. It holds ${held}, and no secret.${leftOut(removed)}`);
}

const leftOut = (removed: readonly string[]): string =>
  removed.length === 0 ? "" : ` Left out, since they are credentials: ${removed.join(", ")}.`;

async function put(text: string, says: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(says);
  } catch {
    notify("The browser does not let this page write to the clipboard.");
  }
}
