// doctor, of one source: its settings, what it makes of genuine and of changed deliveries, and its public address.

import { randomUUID } from "node:crypto";
import { createVerifier, sign, type ProviderName } from "hookwarden";
import { CODES, HookwardenError, type Code } from "hookwarden/errors";
import { call } from "./api.js";
import type { Checklist } from "./checklist.js";
import { samplesOf, tampered } from "./deliver.js";
import { plain } from "./output.js";

const TIMEOUT = 60_000;
/** Longer ago than any scheme tolerates. */
const LONG_AGO_SECONDS = 7 * 86_400;

export interface SourceStatus {
  readonly name: string;
  readonly provider?: string;
  readonly scheme?: string;
  readonly definition?: object;
  readonly url?: string;
  readonly store?: string;
  readonly delivery?: string;
  readonly dedupe?: boolean;
  readonly problems: readonly (readonly [string, string])[];
}

export interface Asked {
  readonly base: URL;
  readonly token: string;
  readonly prefix: string;
  readonly secret: string | undefined;
  /** The variable that the secret is looked for in. */
  readonly variable: string;
  /** Whether the origin may be sent something. */
  readonly deliver: boolean;
}

interface Signed {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What the gateway would log. */
interface Rehearsed {
  readonly verdict?: string;
  readonly code?: string | null;
  readonly detail?: string;
  readonly key?: string | null;
  readonly secret?: number | null;
}

/** What to do about a code that a genuine delivery got. */
const REMEDIES: Readonly<Partial<Record<string, string>>> = {
  signature_mismatch:
    "the secret given here is none of those that the Worker has: put the right one with wrangler secret put",
  signature_missing: "the source has another scheme than the deliveries: set `scheme`",
  timestamp_too_old: "set this machine's clock by NTP",
  timestamp_too_new: "set this machine's clock by NTP",
  source_misconfigured: "see the Worker's log for the reason: npx wrangler tail",
  origin_unreachable: "the gateway cannot reach the origin: check its URL, certificate and firewall",
  origin_redirected: "set `origin` to the address that it redirects to",
  origin_timeout: 'the origin is too slow: answer first and work later, or set delivery = "queue"',
  store_unavailable: "the store does not answer: see the bindings above",
  rate_limited: "too much has come lately; try again in a minute",
};

export async function checkSource(list: Checklist, source: SourceStatus, asked: Asked): Promise<void> {
  const add = (state: Parameters<Checklist["add"]>[0], what: string, detail: string, remedy?: string) =>
    list.add(state, `${plain(source.name)}: ${what}`, detail, remedy);
  if (source.problems.length > 0) {
    for (const [place, reason] of source.problems)
      add("failed", "settings", `${plain(place)}: ${plain(reason)}`, remedyOf(reason, asked));
    return;
  }
  add(
    "ok",
    "settings",
    plain(
      `${source.provider ?? "its own provider"}, ${source.scheme ?? "its only scheme"}, store ${source.store ?? "kv"}`,
    ),
  );
  await checkAddress(add, source, asked);
  if (asked.secret === undefined) {
    add(
      "skipped",
      "signature",
      "no secret is given",
      `set ${asked.variable}, or give --source ${source.name} and --secret-env`,
    );
    return;
  }
  let genuine: Signed;
  try {
    genuine = signed(source, asked.secret, bodyFor(source, asked.secret));
  } catch (error) {
    // The message of such an error holds no value.
    const message = error instanceof HookwardenError ? error.message : "the delivery could not be signed";
    add("skipped", "signature", plain(message), "only the provider can sign such a delivery: have it send one");
    return;
  }
  if (!(await checkVerdicts(add, source, asked, genuine))) return;
  if (asked.deliver) await checkDelivery(add, source, asked, genuine);
  else add("skipped", "relay", "nothing was sent to the origin", "--deliver sends it a made-up event");
}

type Add = (state: Parameters<Checklist["add"]>[0], what: string, detail: string, remedy?: string) => void;

function remedyOf(reason: string, { variable }: Asked): string {
  return reason.startsWith("secret_missing") ? `npx wrangler secret put ${variable}` : "see README.md#settings";
}

/** An unsigned request to the address that the provider delivers to. It reaches no origin. */
async function checkAddress(add: Add, { name }: SourceStatus, { base, prefix }: Asked): Promise<void> {
  const path = `${prefix}/${name}`;
  try {
    const { status, code } = await post(new URL(path, base), { headers: {}, body: "{}" });
    if (status === 401 || code === "rate_limited")
      add("ok", "address", `POST ${plain(path)} refuses what is not signed`);
    else
      add(
        "failed",
        "address",
        `POST ${plain(path)} answers ${status} ${plain(code ?? "")}`,
        REMEDIES[code ?? ""] ?? "something else answers there",
      );
  } catch {
    add("failed", "address", `POST ${plain(path)} does not answer`, "is there a rule of a firewall in front of it?");
  }
}

/** Rehearsals, which end with the verdict: a genuine delivery, a changed one, and one from long ago. */
async function checkVerdicts(add: Add, source: SourceStatus, asked: Asked, genuine: Signed): Promise<boolean> {
  const secret = asked.secret as string;
  const found = await rehearse(source, asked, genuine);
  const code = found.code ?? null;
  if (typeof found.key !== "string") {
    const meaning = code !== null && Object.hasOwn(CODES, code) ? CODES[code as Code].meaning : (found.detail ?? "");
    add(
      "failed",
      "signature",
      `a genuine delivery is refused: ${plain(code ?? "no answer")}. ${plain(meaning)}`,
      REMEDIES[code ?? ""],
    );
    return false;
  }
  add("ok", "signature", `a genuine delivery is authentic, by secret ${found.secret}`);
  if (code !== null)
    add(
      "warning",
      "payload",
      `the sample is refused: ${plain(code)}`,
      "right if the source enforces a schema that the sample breaks",
    );

  const changed = await rehearse(source, asked, tampered(genuine.headers, genuine.body, secret));
  if (changed.verdict === "rejected" && typeof changed.key !== "string")
    add("ok", "tampered", `is refused: ${plain(changed.code ?? "")}`);
  else add("failed", "tampered", "a changed delivery is accepted", "report this: SECURITY.md says how");

  const old = await rehearse(
    source,
    asked,
    signed(source, secret, genuine.body, Math.floor(Date.now() / 1000) - LONG_AGO_SECONDS),
  );
  if (old.code === "timestamp_too_old") add("ok", "replayed after a week", "is refused: timestamp_too_old");
  else
    add(
      "skipped",
      "replayed after a week",
      "the scheme signs no time of its own",
      "whoever has captured a delivery can send it again",
    );
  return true;
}

/** The whole way to the origin, twice. */
async function checkDelivery(add: Add, source: SourceStatus, { base, prefix }: Asked, genuine: Signed): Promise<void> {
  const url = new URL(`${prefix}/${source.name}`, base);
  const first = await post(url, genuine).catch(() => ({ status: 0, code: "no answer", duplicate: false }));
  if (first.status < 200 || first.status > 299) {
    const why = first.code === null ? `the origin answers ${first.status}` : `${first.status} ${plain(first.code)}`;
    add("failed", "relay", why, REMEDIES[first.code ?? ""] ?? "see the log of the origin");
    return;
  }
  const queued = source.delivery === "queue" ? "; the queue has it" : "";
  if (first.duplicate)
    add(
      "warning",
      "relay",
      "the event was known already",
      "the payload has no id that could be changed; nothing was relayed",
    );
  else add("ok", "relay", `the sender is answered ${first.status}${queued}`);
  if (source.dedupe === false) {
    add("skipped", "duplicate", "dedupe is off");
    return;
  }
  const second = await post(url, genuine).catch(() => ({ status: 0, code: "no answer", duplicate: false }));
  if (second.duplicate) add("ok", "duplicate", "is recognised, and not relayed");
  else if (source.store === "durable-object")
    add(
      "failed",
      "duplicate",
      `is answered ${second.status} ${plain(second.code ?? "")}`,
      "see the log for store_unavailable",
    );
  else
    add("warning", "duplicate", "was relayed again", 'Workers KV is best effort; store = "durable-object" is strict');
}

async function rehearse({ name }: SourceStatus, { base, token }: Asked, { headers, body }: Signed): Promise<Rehearsed> {
  const pairs = [...Object.entries(headers), ["content-type", "application/json"]];
  const delivery = { method: "POST", headers: pairs, body_base64: Buffer.from(body).toString("base64") };
  const path = `sources/${encodeURIComponent(name)}/rehearse`;
  return (await call(base, token, "POST", path, JSON.stringify(delivery))).json as Rehearsed;
}

interface Posted {
  readonly status: number;
  readonly code: string | null;
  readonly duplicate: boolean;
}

async function post(url: URL, { headers, body }: Signed): Promise<Posted> {
  const all = { ...headers, "content-type": "application/json", "user-agent": "hookwarden-doctor" };
  const response = await fetch(url, {
    method: "POST",
    headers: all,
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT),
  });
  const text = await response.text();
  // The origin's answers are its own business: only the gateway's problems have a code.
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  const code = isProblem ? ((JSON.parse(text) as { code?: string }).code ?? null) : null;
  return { status: response.status, code, duplicate: response.headers.get("x-hookwarden-duplicate") === "true" };
}

function signed(
  { provider, definition, scheme, url }: SourceStatus,
  secret: string,
  body: string,
  now?: number,
): Signed {
  const options = { secret, scheme, url, now } as never;
  return { headers: sign((definition ?? provider) as ProviderName, body, options), body };
}

/** A sample of the provider as a new event: with another id where it has one, and a field of its own. */
function bodyFor(source: SourceStatus, secret: string): string {
  const options = { secret, scheme: source.scheme, url: source.url, schema: "off" } as never;
  const samples = source.definition === undefined ? samplesOf(source.provider as string) : [];
  const events = samples.map((body) => {
    const { headers } = signed(source, secret, body);
    return { body, ...createVerifier(source.provider as ProviderName, options).verify(headers, Buffer.from(body)) };
  });
  // Like most events: one whose copies are told from new ones, and whose sender wants no answer of the origin's own.
  const chosen = events.find(({ dedupe, reply }) => dedupe === true && reply === "any");
  if (chosen === undefined) return JSON.stringify({ hookwarden_doctor: randomUUID() });
  const own = `{"hookwarden_doctor":${JSON.stringify(randomUUID())},`;
  const body = chosen.body.replace(/^\s*\{(?=\s*")/, own);
  const id = chosen.event?.id;
  return typeof id === "string" ? body.replaceAll(JSON.stringify(id), JSON.stringify(`doctor_${randomUUID()}`)) : body;
}
