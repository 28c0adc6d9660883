// sign and send: what makes deliveries.

import { inflateRawSync } from "node:zlib";
import { providers as listed, sign as signBody, type ProviderDefinition, type ProviderName } from "hookwarden";
import type { Arguments } from "./arguments.js";
import { bodyFrom, oneSecret, providerFrom, textFrom, urlFrom } from "./input.js";
import { misuse } from "./misuse.js";
import { columns, inJson, paint, plain, print, printJson } from "./output.js";
import { deflated } from "./samples.js";

const LATEST = 999_999_999_999;
const TIMEOUT = 30_000;

export function sign(args: Arguments): number {
  const [provider, file] = providerFrom(args);
  const more = { id: args.text("id"), url: args.text("url"), method: args.text("method") };
  const headers = signBody(provider, bodyFrom(file), { ...signing(args), ...more } as never);
  if (inJson(args, false)) printJson(headers);
  else
    print(
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n"),
    );
  return 0;
}

function signing(args: Arguments) {
  return { secret: oneSecret(args), scheme: args.text("scheme"), now: args.whole("now", 0, LATEST) };
}

/** The samples of a provider, or of one of its events. */
export function samplesOf(provider: string, event?: string): string[] {
  // `{ provider: [[event, body], …] }`: an event may have several.
  const all = JSON.parse(inflateRawSync(Buffer.from(deflated, "base64")).toString("utf8")) as Record<
    string,
    [string, string][]
  >;
  return (all[provider] ?? []).filter(([name]) => event === undefined || name === event).map(([, body]) => body);
}

function samplesFor(provider: string, event: string): string[] {
  const info = listed().find(({ name }) => name === provider);
  if (info === undefined)
    throw misuse(
      "provider_unknown",
      `there is no such provider, only: ${listed()
        .map(({ name }) => name)
        .join(", ")}`,
    );
  const bodies = samplesOf(provider, event);
  if (bodies.length > 0) return bodies;
  throw misuse("event_unknown", `${provider} has no sample of such an event, only of: ${info.events.join(", ")}`);
}

/** What came back: statuses and errors, with how often. */
type Counts = Record<string, number>;

export async function send(args: Arguments): Promise<number> {
  const isOwn = args.text("provider-file") !== undefined;
  const [provider, what] = providerFrom(args) as [ProviderName, string];
  const url = urlFrom(args.needed("to"), "to");
  const count = args.whole("count", 1, 1_000_000) ?? 1;
  const concurrency = args.whole("concurrency", 1, 1000) ?? 1;
  const tamper = args.flag("tamper") ?? false;
  const options = { ...signing(args), url: url.href };
  // Nobody has samples of a provider of one's own.
  const bodies = isOwn ? [textFrom(what)] : samplesFor(provider, what);
  // Once before anything is sent: a mistake in the options is no failed delivery.
  signBody(provider, bodies[0] as string, options as never);

  const [statuses, errors]: [Counts, Counts] = [{}, {}];
  const times: number[] = [];
  let next = 0;
  const one = async () => {
    while (next < count) {
      const body = bodies[next % bodies.length] as string;
      next += 1;
      const headers = signBody(provider, body, options as never);
      const started = performance.now();
      try {
        const { status } = await post(url, tamper ? tampered(headers, body, options.secret) : { headers, body });
        times.push(performance.now() - started);
        statuses[status] = (statuses[status] ?? 0) + 1;
      } catch (error) {
        const code = reasonOf(error);
        errors[code] = (errors[code] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, one));

  const wanted = tamper ? /^4/ : /^2/;
  const right = Object.entries(statuses).reduce((sum, [status, times]) => sum + (wanted.test(status) ? times : 0), 0);
  const summary = {
    provider: isOwn ? (provider as unknown as ProviderDefinition).name : provider,
    event: isOwn ? null : what,
    sent: count,
    tampered: tamper,
    as_expected: right,
    statuses,
    errors,
    milliseconds: spread(times),
  };
  if (inJson(args, false)) printJson(summary);
  else print(described(summary));
  return right === count ? 0 : 1;
}

async function post(url: URL, { headers, body }: { headers: Record<string, string>; body: string }): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, "content-type": contentType(body), "user-agent": "hookwarden" },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT),
  });
  await response.body?.cancel();
  return response;
}

/** As definitions tell the two apart. */
const contentType = (body: string) =>
  /^[{[]/.test(body) ? "application/json" : "application/x-www-form-urlencoded";

/** A delivery as it would be if somebody had changed it: one character of the body, or the token itself. */
export function tampered(
  headers: Record<string, string>,
  body: string,
  secret: string,
): { headers: Record<string, string>; body: string } {
  const token = Object.entries(headers).find(([, value]) => value === secret);
  if (token !== undefined) return { headers: { ...headers, [token[0]]: other(secret) }, body };
  const at = body.search(/[A-Za-z0-9](?="[^"]*$)/);
  if (at < 0) return { headers, body: `${body}0` };
  return { headers, body: body.slice(0, at) + other(body[at] as string) + body.slice(at + 1) };
}

const other = (text: string) => text.slice(0, -1) + (text.endsWith("0") ? "1" : "0");

function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? (name === "TimeoutError" ? "timeout" : "failed");
}

function spread(times: number[]): { least: number; median: number; most: number } | null {
  if (times.length === 0) return null;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round((sorted[Math.round((sorted.length - 1) * part)] as number) * 10) / 10;
  return { least: at(0), median: at(0.5), most: at(1) };
}

function described({
  provider,
  event,
  sent,
  tampered,
  as_expected: right,
  statuses,
  errors,
  milliseconds,
}: {
  provider: string;
  event: string | null;
  sent: number;
  tampered: boolean;
  as_expected: number;
  statuses: Counts;
  errors: Counts;
  milliseconds: ReturnType<typeof spread>;
}): string {
  const as = `${right} of ${sent} ${tampered ? "refused" : "taken"} as expected`;
  const rows = [...Object.entries(statuses), ...Object.entries(errors)].map(([word, times]) => [
    `  ${word}`,
    String(times),
  ]);
  const lines = [
    `${plain(provider)}${event === null ? "" : ` ${event}`}${tampered ? ", tampered" : ""}: ${paint(right === sent ? "green" : "red", as)}`,
    columns(rows),
  ];
  if (milliseconds !== null)
    lines.push(
      `  ${milliseconds.least} ms at least, ${milliseconds.median} ms in the middle, ${milliseconds.most} ms at most`,
    );
  return lines.join("\n");
}

export function providers(args: Arguments): number {
  const all = listed();
  if (inJson(args, false)) printJson(all);
  else
    for (const { name, schemes, events } of all)
      print(`${paint("bold", name)}\n  schemes  ${schemes.join(", ")}\n  events   ${events.join(", ")}`);
  return 0;
}
