// A gateway's admin API, for the commands that ask it.

import type { Arguments } from "./arguments.js";
import { secretsFrom, urlFrom } from "./input.js";
import { misuse } from "./misuse.js";
import { plain } from "./output.js";

const TIMEOUT = 60_000;
/** Where the token is looked for if no option gives it. */
const VARIABLE = "HOOKWARDEN_TOKEN";

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** What the text is as JSON; an empty object where it is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Where the gateway is. */
export function gatewayOf(args: Arguments): URL {
  return urlFrom(args.needed("gateway"), "gateway");
}

/** The token of the options or the environment, if there is one. */
export function tokenOf(args: Arguments): string | undefined {
  const given = secretsFrom(args, "token");
  const found = given[0] ?? process.env[VARIABLE];
  if (given.length > 1) throw misuse("token_missing", "give one token");
  return found === "" ? undefined : found;
}

/** Asks whatever answers. The text is sent as it is. */
export async function call(
  base: URL,
  token: string,
  method: string,
  path: string,
  body?: string | Uint8Array,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, "user-agent": "hookwarden" };
  const url = new URL(`/_hookwarden/api/${path}`, base);
  const init = {
    method,
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT),
    body: body ?? null,
  } as const;
  try {
    const response = await fetch(url, init as RequestInit);
    const text = await response.text();
    return { status: response.status, text, json: objectIn(text) };
  } catch {
    throw misuse("gateway_unreachable", "the gateway does not answer");
  }
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Asks, and takes the answers with these statuses; anything else is a mistake in the call. */
export async function ask(
  args: Arguments,
  method: string,
  path: string,
  { body, expected = [] }: { body?: string | Uint8Array; expected?: readonly number[] } = {},
): Promise<Answer> {
  const base = gatewayOf(args);
  const token = tokenOf(args);
  if (token === undefined) {
    throw misuse("token_missing", `give one token: --token, --token-env, --token-file, or the variable ${VARIABLE}`);
  }
  const answer = await call(base, token, method, path, body);
  if ((answer.status >= 200 && answer.status < 300) || expected.includes(answer.status)) return answer;
  throw refusal(answer);
}

export function refusal({ status, json }: Answer): Error {
  // Without a token of its own a gateway answers as if there were no such path.
  if (json["code"] === "source_unknown")
    return misuse("api_absent", "this gateway has no ADMIN_TOKEN, or no delivery log");
  const title = typeof json["title"] === "string" ? json["title"] : "it is no hookwarden";
  return misuse("api_refused", `the gateway answers ${status}: ${plain(title)}`);
}
