// The page: what is typed goes to the judging thread, and what comes back is shown.

import { version } from "assets";
import { sized } from "./delivery/bytes.js";
import { providerOf } from "./delivery/catalogue.js";
import { isCredential } from "./delivery/credentials.js";
import { definitionOf } from "./delivery/definition.js";
import { readPaste } from "./delivery/paste.js";
import { fromFragment } from "./delivery/share.js";
import { headlineOf, stagesOf } from "./delivery/stages.js";
import { AskError, explain, judge, stopExplaining, takesDefinitions } from "./judge/client.js";
import type { Judgement, Question } from "./judge/protocol.js";
import { setUpCopying } from "./copying.js";
import { setUpSamples } from "./sampling.js";
import { Session, type Filling } from "./session.js";
import { announce } from "./view/announcer.js";
import { byId, h } from "./view/dom.js";
import { notify } from "./view/notice.js";
import { showHeadline, showReasons, showStages, showViolations } from "./view/result.js";
import { OWN } from "./view/provider-picker.js";
import { showSigned } from "./view/signed.js";

const session = new Session(ask, changed, pasted);
let latest: { question: Question; judgement: Judgement } | undefined;
let explaining: ReturnType<typeof setTimeout> | undefined;
let scheduled = false;
let asked = 0;

/** Several changes of one moment are one question. */
function changed(): void {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    if (scheduled) void ask();
  });
}

async function ask(): Promise<void> {
  scheduled = false;
  clearTimeout(explaining);
  stopExplaining();
  document.documentElement.dataset["judged"] = "pending";
  const { question, isEmpty } = session;
  const number = (asked += 1);
  const isNewest = () => number === asked;
  try {
    const judgement = await judge(question);
    if (judgement === undefined) return;
    latest = { question, judgement };
    show(question, judgement, isEmpty);
    if (isNewest()) lookForReasons(question, judgement, isEmpty);
  } catch (error) {
    showHeadline(
      { state: "open", title: "Not judged", code: codeOf(error), says: String((error as Error).message) },
      undefined,
    );
  }
  if (isNewest()) document.documentElement.dataset["judged"] = "done";
}

const codeOf = (error: unknown): string => (error instanceof AskError ? error.code : "internal");

function show(question: Question, judgement: Judgement, isEmpty: boolean): void {
  const headline = headlineOf(judgement, isEmpty);
  const [first] = judgement.verdict?.schema?.violations ?? [];
  showHeadline(headline, first && `\`${first.path || "The body"}\`: ${first.message}, at line ${first.line}.`);
  showStages(stagesOf(judgement, isEmpty));
  showPlaces(judgement, isEmpty);
  showSigned(isEmpty ? undefined : judgement.signed);
  showFacts(question, judgement);
  byId("start").hidden = !isEmpty;
  byId("schema-problem").textContent = judgement.schemaMisuse ?? "";
  session.clock.offer(judgement.signedAt);
  announce(isEmpty ? "" : `${headline.title}. ${headline.says}`);
  showReasons(undefined);
}

function lookForReasons(question: Question, judgement: Judgement, isEmpty: boolean): void {
  if (!needsReason(question, judgement)) {
    delete document.documentElement.dataset["explained"];
    return;
  }
  // Not on every key: a search judges thousands of deliveries.
  document.documentElement.dataset["explained"] = "pending";
  explaining = setTimeout(() => giveReasons(question, headlineOf(judgement, isEmpty)), 150);
}

const NOTHING_FOUND = "Nothing that people commonly get wrong explains it. What else to look at stands below.";

/** Only a signature or a time that is refused has reasons to look for. */
function needsReason({ secrets }: Question, { verdict, misuse }: Judgement): boolean {
  if (misuse !== undefined) return misuse.code === "secret_invalid";
  return verdict !== undefined && verdict.code !== null && verdict.event === null && secrets.length > 0;
}

async function giveReasons(question: Question, headline: Parameters<typeof showHeadline>[0]): Promise<void> {
  try {
    const explanation = await explain(question);
    if (explanation === undefined) return;
    showReasons(explanation);
    const [first] = explanation.findings;
    showHeadline(headline, first?.message ?? (explanation.hint === null ? undefined : NOTHING_FOUND));
    announce(`${headline.title}. ${headline.says} ${first?.message ?? ""}`);
  } catch (error) {
    // What cannot be explained is still judged.
    if (!(error instanceof AskError)) throw error;
  }
  document.documentElement.dataset["explained"] = "done";
}

function showPlaces({ verdict, preview, text, provider, isForm }: Judgement, isEmpty: boolean): void {
  const judged = (verdict?.event != null ? verdict : preview)?.schema?.violations;
  const violations = isEmpty ? [] : (judged ?? (provider === undefined ? text.violations : []));
  const syntax = /^line (\d+), column (\d+): (.*)$/s.exec(text.detail ?? "");
  const places = violations.map(({ line, column, message, keyword }) => ({
    line,
    column,
    message: `${message} (${keyword})`,
  }));
  if (places.length === 0 && syntax !== null && !session.body.isEmpty && !isForm) {
    places.push({ line: Number(syntax[1]), column: Number(syntax[2]), message: String(syntax[3]) });
  }
  showViolations(
    violations.filter(({ keyword }) => keyword !== ""),
    (place) => session.body.reveal(place),
  );
  session.body.show(session.isBinary ? [] : places);
}

/** What is known beside the fields: the guess, the schemes, how much there is. */
function showFacts(question: Question, { guess, provider, title, scheme, misuse, signsUrl }: Judgement): void {
  const own = session.provider.value === OWN;
  const note = byId("provider-note");
  const guessed = guess !== undefined && question.provider === undefined;
  note.textContent = guessed ? `Guessed: ${title}, ${guess.because}` : "";
  note.title = note.textContent;
  note.dataset["tone"] = guessed ? "guess" : "";
  byId("definition-card").hidden = !own;
  const facts = own ? ownFacts(question.definition ?? "") : providerOf(provider);
  const names = facts?.schemes.map(({ name }) => name) ?? [];
  const chosen = session.scheme.value;
  const first = new Option(names.length > 1 ? "as the headers say" : (names[0] ?? "of the provider"), "");
  session.scheme.replaceChildren(first, ...(names.length > 1 ? names.map((name) => new Option(name, name)) : []));
  session.scheme.value = names.includes(chosen) && names.length > 1 ? chosen : "";
  session.scheme.disabled = names.length < 2;
  byId("scheme-note").textContent =
    names.length > 1 && session.scheme.value === "" && scheme !== undefined ? `Taken: ${scheme}.` : "";
  for (const field of byId("secrets").querySelectorAll("input")) {
    field.setAttribute("aria-invalid", String(misuse?.code === "secret_invalid"));
  }
  session.url.show(signsUrl, session.head);
  showMeta(question);
}

function ownFacts(definition: string) {
  const read = definitionOf(definition);
  return "facts" in read ? read.facts : undefined;
}

function showMeta({ headers, method, body, ownSchema }: Question): void {
  const { unread } = session.head;
  const parts = [
    method,
    session.headers.isEmpty ? undefined : `${headers.length} ${headers.length === 1 ? "header" : "headers"}`,
    unread.length > 0 ? `line ${unread.slice(0, 3).join(", ")} is no header` : undefined,
    headers.some(([name]) => isCredential(name)) ? "with a credential, which is never shared" : undefined,
  ];
  byId("headers-meta").textContent = parts.filter(Boolean).join(" · ");
  const wellFormed = session.isBinary || session.body.text.isWellFormed();
  byId("body-meta").textContent =
    body.length === 0 ? "" : sized(body.length) + (wellFormed ? "" : " · with half a character, which no bytes can be");
  byId("schema-meta").textContent =
    ownSchema === undefined ? "none: the provider's is used" : "takes the place of the provider's";
}

/** A whole request is taken apart; anything else is for the editor. */
function pasted(text: string, into: "headers" | "body"): boolean {
  const read = readPaste(text);
  if (read === undefined) return false;
  // A body may look like headers, and hold a request; what is pasted into it must be beyond doubt.
  const isMeant =
    into === "headers" || (session.body.isReplaced && (read.kind !== "raw" || read.head.method !== undefined));
  if (!isMeant) return false;
  const { head, body, notes, ...rest } = read;
  const bodySaid = body === undefined ? "" : `, body of ${sized(body.length)}`;
  const says = [`${KINDS[read.kind]}: ${head.headers.length} headers${bodySaid}.`, ...notes];
  fill({ head, ...(body === undefined ? {} : { body }), ...rest }, says.join(" "));
  return true;
}

const KINDS = { raw: "Read as a raw request", curl: "Read as a curl command", vector: "Read as a test vector" };

/** Fills in, says so, and offers the way back. */
function fill(filling: Filling, says: string): void {
  const before = session.fill(filling);
  notify(says, () => {
    session.fill(before);
    changed();
  });
  changed();
}

function setUpFile(): void {
  const field = byId<HTMLInputElement>("body-file");
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    fill(
      { body: new Uint8Array(await file.arrayBuffer()) },
      `The body is now the file's ${sized(file.size)}, byte for byte.`,
    );
  };
  byId("body-open").addEventListener("click", () => field.click());
  field.addEventListener("change", async () => {
    await take(field.files?.[0]);
    field.value = "";
  });
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (file === undefined) return;
    event.preventDefault();
    void take(file);
  });
}

async function openShared(): Promise<void> {
  const shared = await fromFragment(location.hash);
  if (shared === undefined) return;
  const { provider, scheme, head, body, now, url } = shared;
  session.fill({ provider, scheme, head, body, now, url });
  notify("Filled in from the link. A link holds no secret.");
}

async function start(): Promise<void> {
  byId("version").textContent = version;
  byId("clear").addEventListener("click", () => {
    fill(
      { provider: undefined, scheme: undefined, headers: "", body: new Uint8Array(), secrets: [], now: undefined, url: undefined },
      "Cleared.",
    );
    history.replaceState(null, "", location.pathname + location.search);
    session.headers.focus();
  });
  setUpFile();
  setUpSamples(session, fill);
  setUpCopying(session, () => latest?.judgement);
  const definitions = takesDefinitions();
  await openShared();
  changed();
  if (await definitions) session.provider.offerOwn();
  if ("serviceWorker" in navigator && window.isSecureContext) await keepForOffline();
}

async function keepForOffline(): Promise<void> {
  try {
    await navigator.serviceWorker.register("sw.js");
    await navigator.serviceWorker.ready;
    byId("offline").replaceChildren(h("span", {}, "Ready to be used offline."));
  } catch {
    // Only then it needs the network again.
  }
}

window.addEventListener("hashchange", async () => {
  await openShared();
  changed();
});

void start();
