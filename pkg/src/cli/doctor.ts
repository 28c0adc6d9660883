// doctor: asks a deployed gateway one thing after the other, and says of each whether it is as it should be.

import { readFileSync } from "node:fs";
import { call, gatewayOf, tokenOf, type Answer } from "./api.js";
import type { Arguments } from "./arguments.js";
import { Checklist } from "./checklist.js";
import { checkSource, type SourceStatus } from "./doctor-source.js";
import { secretsFrom } from "./input.js";
import { usage } from "./misuse.js";
import { inJson, plain, print, printJson } from "./output.js";

const TIMEOUT = 30_000;
/** Beyond it signed times are in danger of being refused; short of it a strict provider's may be. */
const [FAR_SECONDS, OFF_SECONDS] = [30, 5];
const WRONG_TOKEN = "a token that no gateway has";

interface Status {
  readonly time: number;
  readonly prefix: string;
  readonly bindings: Readonly<Record<string, string>>;
  readonly document: { readonly revision: number | null; readonly in_force: number } | null;
  readonly sources: readonly SourceStatus[];
}

export async function doctor(args: Arguments): Promise<number> {
  const base = gatewayOf(args);
  const token = tokenOf(args);
  const secrets = secretsFrom(args);
  const wanted = args.texts("source");
  if (secrets.length > 0 && (wanted.length !== 1 || secrets.length !== 1)) {
    throw usage(
      "a secret goes with one --source; for several, set the variables that are named as the Worker's secrets",
    );
  }
  const list = new Checklist();
  if (await isHealthy(list, base)) {
    const status = await statusOf(list, base, token);
    if (status !== undefined && token !== undefined) {
      bindings(list, status);
      for (const name of wanted.filter((name) => !status.sources.some((source) => source.name === name))) {
        list.add("failed", `source ${plain(name)}`, "the gateway has no such source", "see hookwarden config show");
      }
      for (const source of status.sources) {
        if (wanted.length > 0 && !wanted.includes(source.name)) continue;
        const secret = secrets[0] ?? process.env[variableOf(source.name)];
        const asked = { base, token, prefix: status.prefix, secret, deliver: args.flag("deliver") === true };
        await checkSource(list, source, { ...asked, variable: variableOf(source.name) });
      }
    }
  }
  if (inJson(args)) printJson({ gateway: base.origin, ok: list.isWell, checks: list.checks });
  else print(list.described());
  return list.isWell ? 0 : 1;
}

const variableOf = (source: string) => `${source.toUpperCase().replaceAll("-", "_")}_SECRET`;

async function isHealthy(list: Checklist, base: URL): Promise<boolean> {
  let answer: { status?: string; version?: string };
  try {
    const response = await fetch(new URL("/healthz", base), {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    answer = (await response.json()) as typeof answer;
    if (response.status !== 200 || answer.status !== "ok") throw new Error();
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    const why = cause?.code ?? (name === "TimeoutError" ? "no answer in time" : "what answers is no gateway");
    list.add("failed", "reachable", `GET /healthz: ${plain(why)}`, "is the URL that of the deployed Worker?");
    return false;
  }
  list.add("ok", "reachable", "GET /healthz answers");
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  if (answer.version === version) list.add("ok", "version", version);
  else {
    const detail = `the gateway has ${plain(String(answer.version))}, this tool ${version}`;
    list.add("warning", "version", detail, "use one version of both: deploy again, or install the other package");
  }
  return true;
}

async function statusOf(list: Checklist, base: URL, token: string | undefined): Promise<Status | undefined> {
  const wrong = await call(base, WRONG_TOKEN, "GET", "status");
  if (wrong.json["code"] === "source_unknown") {
    const remedy =
      "npx wrangler secret put ADMIN_TOKEN, of 16 characters or more; bind LOG. The rest cannot be checked without";
    list.add("failed", "admin API", "there is none", remedy);
    return undefined;
  }
  if (wrong.status === 401) list.add("ok", "wrong admin token", "is refused");
  else
    list.add(
      "failed",
      "wrong admin token",
      `is answered ${wrong.status}`,
      "something in front of the gateway answers for it",
    );
  if (token === undefined) {
    list.add("skipped", "admin token", "none is given", "give --token-env NAME, or set HOOKWARDEN_TOKEN");
    return undefined;
  }
  const before = Date.now();
  const answer = await call(base, token, "GET", "status");
  const after = Date.now();
  if (answer.status !== 200) {
    refused(list, answer);
    return undefined;
  }
  list.add("ok", "admin token", "is accepted");
  const status = answer.json as unknown as Status;
  clock(list, status.time, before, after);
  return status;
}

function refused(list: Checklist, { status, json }: Answer): void {
  const title = plain(String(json["title"] ?? ""));
  const remedy =
    status === 401 ? "it must be the Worker's secret ADMIN_TOKEN" : "see the Worker's log: npx wrangler tail";
  list.add("failed", "admin token", `is answered ${status}: ${title}`, remedy);
}

/** What the way there and back may have taken is no skew. */
function clock(list: Checklist, there: number, before: number, after: number): void {
  const skew = Math.round(Math.max(0, before - there, there - after) / 100) / 10;
  const detail = `${skew} s between this machine and the gateway`;
  const remedy = "set this machine's clock by NTP: what it signs may be refused as too old or too new";
  if (skew <= OFF_SECONDS) list.add("ok", "clock", detail);
  else list.add(skew > FAR_SECONDS ? "failed" : "warning", "clock", detail, remedy);
}

function bindings(list: Checklist, { bindings, document, sources }: Status): void {
  for (const [name, state] of Object.entries(bindings)) {
    const what = `binding ${plain(name)}`;
    if (state === "failing")
      list.add("failed", what, "does not answer", "look at Cloudflare's status and the Worker's log");
    // What a source needs and lacks, the source's own check says.
    else list.add(state === "absent" ? "skipped" : "ok", what, state === "absent" ? "is not bound" : state);
  }
  if (document !== null) {
    const { revision, in_force: taken } = document;
    if (revision === taken) list.add("ok", "document of sources", `revision ${revision} is in force`);
    else {
      const detail = `the newest revision is ${revision}, and ${taken} is in force where this was asked`;
      list.add("warning", "document of sources", detail, "wait two minutes; then see the log for config_invalid");
    }
  }
  if (sources.length === 0)
    list.add("failed", "sources", "there are none", "see SOURCES in wrangler.toml, or hookwarden config push");
}
