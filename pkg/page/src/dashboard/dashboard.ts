// The dashboard: asks for the token, then for what arrived, again and again. The token is kept in one object in memory.

import { version } from "assets";
import { byId, prose } from "../view/dom.js";
import { notify } from "../view/notice.js";
import { Api, ApiError, type Trouble } from "./api.js";
import { setUpConfirm } from "./confirm.js";
import { Deliveries } from "./deliveries.js";
import { Letters } from "./letters.js";
import { Live } from "./live.js";
import { showTab, setUpTabs } from "./tabs.js";
import { clock } from "./times.js";
import { TROUBLES } from "./words.js";

let api = new Api("");
const options = { api: () => api, run };
const letters = new Letters({ ...options, onDone: () => void live.now() });
const deliveries = new Deliveries({
  ...options,
  isDead: (key) => letters.has(key),
  showLetter: (key) => {
    showTab("letters");
    void run(() => letters.open(key)).then(() => letters.focus());
  },
});
const live = new Live(() => run(() => refresh(false)));

/** How old the dead letters may be while nothing arrives that may have become one. */
const LETTERS_EVERY_MS = 30_000;
let lettersAt = 0;

async function refresh(anew: boolean): Promise<void> {
  const isNew = await deliveries.refresh(anew);
  const areSeen = !byId("letters").hidden;
  if (anew || isNew || areSeen || Date.now() - lettersAt > LETTERS_EVERY_MS) {
    await letters.refresh();
    deliveries.showLetter();
    lettersAt = Date.now();
  }
}

/** Runs what asks the gateway. Whatever goes wrong is said once, above everything; gives whether it went well. */
async function run(work: () => Promise<void>): Promise<boolean> {
  const asked = api;
  try {
    await work();
    if (!asked.isClosed) showTrouble(undefined);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // An answer to somebody who has left.
    if (asked.isClosed) return false;
    if (error.trouble === "gone") notify(TROUBLES.gone.join(" "));
    else if (error.trouble === "refused" || error.trouble === "absent") leave(error.trouble);
    else showTrouble(error);
    return false;
  }
}

function showTrouble(error: ApiError | undefined): void {
  const place = byId("trouble");
  if (error === undefined) {
    place.hidden = true;
    byId("live-says").textContent = `Asked at ${clock(Math.floor(Date.now() / 1000))}`;
    return;
  }
  const [wrong, todo] = TROUBLES[error.trouble];
  const isLive = byId<HTMLInputElement>("live").checked;
  const again = isLive ? " It is asked again by itself." : "";
  byId("trouble-title").textContent = wrong;
  byId("trouble-says").replaceChildren(...prose(todo), ` ${error.message}${again}`);
  place.hidden = false;
}

async function enter(): Promise<void> {
  const field = byId<HTMLInputElement>("token");
  const button = byId<HTMLButtonElement>("enter");
  const token = field.value.trim();
  if (token === "") {
    showGateProblem(["Enter the token first.", ""]);
    field.focus();
    return;
  }
  button.disabled = true;
  showGateProblem(undefined);
  api.close();
  const asked = new Api(token);
  try {
    // Whoever may not ask gets to see nothing.
    await asked.deliveries({ limit: 1 });
    api = asked;
    field.value = "";
    show(true);
    byId("main").focus({ preventScroll: true });
    await run(() => refresh(true));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const [wrong, todo] = TROUBLES[error.trouble];
    showGateProblem([wrong, `${todo} ${error.message}`]);
    field.focus();
  } finally {
    button.disabled = false;
  }
}

function showGateProblem(told: readonly [wrong: string, todo: string] | undefined): void {
  byId("gate-problem").replaceChildren(...(told === undefined ? [] : prose(told.join(" "))));
  byId("token").setAttribute("aria-invalid", String(told !== undefined));
}

/** Forgets the token, and what was seen with it. */
function leave(trouble?: Trouble): void {
  api.close();
  live.isOn = false;
  api = new Api("");
  show(false);
  showTrouble(undefined);
  deliveries.clear();
  letters.clear();
  showGateProblem(trouble === undefined ? undefined : TROUBLES[trouble]);
  notify(trouble === undefined ? "The token is forgotten." : "");
  byId("token").focus();
}

function show(isIn: boolean): void {
  byId("gate").hidden = isIn;
  byId("board").hidden = !isIn;
  byId("tools").hidden = !isIn;
  live.isOn = isIn && byId<HTMLInputElement>("live").checked;
  document.documentElement.dataset["state"] = isIn ? "in" : "out";
}

function start(): void {
  byId("version").textContent = version;
  setUpConfirm();
  setUpTabs((name) => {
    if (name === "letters") void run(() => letters.refresh());
  });
  byId("enter").addEventListener("click", () => void enter());
  byId("token").addEventListener("keydown", ({ key, isComposing }) => {
    if (key === "Enter" && !isComposing) void enter();
  });
  byId("forget").addEventListener("click", () => leave());
  byId("refresh").addEventListener("click", () => void run(() => refresh(true)));
  byId("trouble-again").addEventListener("click", () => void live.now());
  byId("live").addEventListener("change", () => {
    const { checked } = byId<HTMLInputElement>("live");
    live.isOn = checked;
    if (checked) void live.now();
  });
  // A page that the browser brings back from its memory has no token either.
  window.addEventListener("pagehide", () => leave());
  show(false);
}

start();
