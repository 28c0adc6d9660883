// Which headers are themselves secrets. They are left out of whatever leaves the page: links, curl commands, vectors.

import { headersOf, isToken, providers } from "./catalogue.js";
import type { Header } from "./headers.js";

const ALWAYS = [
  "authorization",
  "proxy-authorization",
  "authentication",
  "cookie",
  "set-cookie",
  "cf-access-jwt-assertion",
  "cf-access-client-secret",
  "x-amz-security-token",
  "x-auth-token",
  "x-access-token",
  "x-csrf-token",
  "x-gitlab-token",
];

/** Names like these hold a credential whoever sends them. Signatures are none: they are worthless without the secret. */
const PATTERN = /(?:^|[-_])(?:api-?key|apikey|secret|password|passwd|token|credentials?|jwt|bearer|session)(?:$|[-_])/;

const declared = new Set([
  ...ALWAYS,
  ...providers.flatMap(({ credentials, schemes }) => [
    ...credentials.map((name) => name.toLowerCase()),
    ...headersOf(schemes.filter(isToken)),
  ]),
]);

/** Headers that a scheme signs with have a name of their own choice, `x-connect-it-token` for one. */
const signatures = new Set(providers.flatMap(({ schemes }) => headersOf(schemes.filter((one) => !isToken(one)))));

export function isCredential(name: string): boolean {
  const lower = name.toLowerCase().replace(/_/g, "-");
  return declared.has(lower) || (PATTERN.test(lower) && !signatures.has(lower));
}

/** The headers that may leave the page, and the names of those that may not. */
export function withoutCredentials(
  headers: readonly Header[],
  secrets: readonly string[] = [],
): { kept: Header[]; removed: string[] } {
  const holds = (value: string) => secrets.some((secret) => secret.length > 3 && value.includes(secret));
  const kept = headers.filter(([name, value]) => !isCredential(name) && !holds(value));
  const removed = headers.filter((header) => !kept.includes(header)).map(([name]) => name);
  return { kept, removed: [...new Set(removed)] };
}

/** A path without what may be a token in its query. */
export function withoutQuery(target: string | undefined): string {
  return (target ?? "/").replace(/[?#].*$/s, "");
}
