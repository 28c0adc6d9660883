// The URL of the endpoint, which some providers sign.

import { isCredential } from "./credentials.js";
import { valuesOf, type Head } from "./headers.js";

/**
 * The URL that a request line and its Host header amount to. A guess: a proxy may have changed the host, the path and the
 * protocol, and the request does not say which it was.
 */
export function guessedUrl({ target, headers }: Pick<Head, "target" | "headers">): string | undefined {
  if (target === undefined) return undefined;
  if (/^https?:\/\//i.test(target)) return target;
  const [host, other] = valuesOf(headers, "host");
  if (host === undefined || other !== undefined || !/^[\w.:[\]-]+$/.test(host) || !target.startsWith("/")) {
    return undefined;
  }
  return `https://${host}${target}`;
}

/** The URL as it may leave the page: without a password, and parameters that are credentials or hold a secret. */
export function urlWithoutCredentials(
  url: string | undefined,
  secrets: readonly string[],
): { kept: string | undefined; removed: string[] } {
  if (url === undefined) return { kept: undefined, removed: [] };
  const removed: string[] = [];
  const holds = (text: string) => secrets.some((secret) => secret.length > 3 && text.includes(secret));
  const bare = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, (_, start: string) => {
    removed.push("the user of the URL");
    return start;
  });
  // As text: what a parser writes anew is not what was signed.
  const [path = "", query] = split(bare, "?");
  const parameters = query?.split("&").filter((parameter) => {
    const [name = ""] = parameter.split("=");
    const isNamed = isCredential(plain(name)) || QUERY.test(plain(name));
    const isKept = !isNamed && !holds(plain(parameter)) && !holds(parameter);
    if (!isKept) removed.push(`${plain(name)} of the URL`);
    return isKept;
  });
  if (holds(path) || holds(plain(path))) return { kept: undefined, removed: ["the URL"] };
  const rest = parameters === undefined || parameters.length === 0 ? "" : `?${parameters.join("&")}`;
  return { kept: path + rest, removed };
}

/** Parameters in which endpoints are given a key of their own. */
const QUERY = /^(?:key|sig|auth|access|code)$/i;

function split(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
