// A curl command as the request that it sends.

import type { Header } from "./headers.js";
import { shellWords } from "./shell-words.js";
import { utf8 } from "./bytes.js";
import type { Pasted } from "./paste.js";

/** Short options with a value that is of no interest here; of the long ones, those are all but `FLAGS`. */
const SHORT_WITH_VALUE = "ACDEFKPQTUYbcehmnortuwxyz";
const FLAGS = new Set([
  "--compressed",
  "--fail",
  "--globoff",
  "--head",
  "--http1.0",
  "--http1.1",
  "--http2",
  "--http3",
  "--include",
  "--insecure",
  "--ipv4",
  "--ipv6",
  "--location",
  "--no-buffer",
  "--path-as-is",
  "--progress-bar",
  "--show-error",
  "--silent",
  "--ssl-no-revoke",
  "--verbose",
  "--get",
  "--fail-with-body",
  "--no-keepalive",
  "--tcp-nodelay",
]);

type Option = "header" | "method" | "data" | "json" | "url" | "user" | "form" | "ignored" | "flag";

const OPTIONS: Readonly<Record<string, Option>> = {
  "-H": "header",
  "--header": "header",
  "-X": "method",
  "--request": "method",
  "-d": "data",
  "--data": "data",
  "--data-ascii": "data",
  "--data-raw": "data",
  "--data-binary": "data",
  "--data-urlencode": "form",
  "-F": "form",
  "--form": "form",
  "--json": "json",
  "--url": "url",
  "-u": "user",
  "--user": "user",
};

export const isCurl = (text: string): boolean => /^\s*(?:\$ )?curl(?:\.exe)?\s/.test(text);

export function readCurl(text: string): Pasted {
  const words = shellWords(text.replace(/^\s*\$ /, "")).slice(1);
  const headers: Header[] = [];
  const data: string[] = [];
  const notes: string[] = [];
  let method: string | undefined;
  let url: string | undefined;

  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (!word.startsWith("-") || word === "-") {
      if (/^[|<>;&]/.test(word)) break;
      url ??= word;
      continue;
    }
    const [name, inline] = split(word);
    const kind = kindOf(name);
    if (kind === "flag") continue;
    const value = inline ?? words[(at += 1)] ?? "";
    switch (kind) {
      case "header": {
        const [header, rest] = [value.split(/[:;]/, 1)[0] as string, value.slice(value.search(/[:;]/) + 1)];
        if (value.includes(":") ? rest.trim() !== "" : value.endsWith(";")) headers.push([header.trim(), rest.trim()]);
        break;
      }
      case "method":
        method = value;
        break;
      case "url":
        url = value;
        break;
      case "json":
        headers.push(["content-type", "application/json"]);
        data.push(value);
        break;
      case "data":
        if (value.startsWith("@") && name !== "--data-raw") {
          notes.push(`curl reads the body from \`${value.slice(1)}\`: open that file as the body.`);
        } else data.push(value);
        break;
      case "form":
        notes.push(`\`${name}\` makes a form whose bytes are not in the command: paste the body itself.`);
        break;
      case "user":
        notes.push("The user name and password of `-u` were left out.");
        break;
      default:
    }
  }
  const body = data.join("&");
  const sends = data.length > 0 || notes.some((note) => note.includes("body"));
  return {
    kind: "curl",
    head: { method: method ?? (sends ? "POST" : undefined), target: pathOf(url), headers, unread: [] },
    body: data.length > 0 ? utf8(body) : undefined,
    notes,
    ...(url !== undefined && URL.canParse(withProtocol(url)) && { guessedUrl: withProtocol(url) }),
  };
}

const withProtocol = (url: string): string => (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`);

/** `--name=value`, and `-Xvalue` for the short ones. */
function split(word: string): [string, string | undefined] {
  if (word.startsWith("--")) {
    const at = word.indexOf("=");
    return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
  }
  const name = word.slice(0, 2);
  return [name, word.length > 2 && kindOf(name) !== "flag" ? word.slice(2) : undefined];
}

function kindOf(name: string): Option {
  const known = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (known !== undefined) return known;
  if (name.startsWith("--")) return FLAGS.has(name) ? "flag" : "ignored";
  return SHORT_WITH_VALUE.includes(name.charAt(1)) ? "ignored" : "flag";
}

function pathOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const given = withProtocol(url);
  if (!URL.canParse(given)) return undefined;
  const { pathname, search } = new URL(given);
  return pathname + search;
}
