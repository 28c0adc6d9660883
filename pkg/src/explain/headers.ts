// What happens to headers on their way, and what signers write differently.

import { toBase64, toHex, valuesOf, withHeaders, type Trial } from "./delivery.js";
import type { Hypothesis } from "./hypothesis.js";
import { macsIn, namesIn, shapeOf, timeIn, written } from "./shape.js";

/** The headers that the scheme reads. */
function wanted(trial: Trial): string[] {
  const { signature, id, timestamp } = namesIn(trial);
  return [signature, id, timestamp].filter((name) => name !== undefined);
}

/** What is left of a name when a gateway or CGI has written it its own way. */
function bare(name: string): string {
  return name
    .replace(/_/g, "-")
    .replace(/^(?:http-|x-original-|x-forwarded-|x-amzn-remapped-|original-)+/, "")
    .replace(/^x-/, "");
}

export const headerForms: readonly Hypothesis[] = [
  {
    id: "header_renamed",
    message: "A proxy, a gateway or CGI has renamed a header.",
    remedy:
      "Give the verifier the headers under the names that the provider sends, " +
      "or have the proxy pass them on unchanged.",
    *changes(trial) {
      const headers: Record<string, string> = {};
      const renamed: string[] = [];
      for (const name of wanted(trial)) {
        if (valuesOf(trial, name).length > 0) continue;
        const found = trial.headers.find(([other]) => bare(other) === bare(name));
        if (found === undefined) continue;
        headers[name] = found[1];
        renamed.push(`\`${found[0]}\` for \`${name}\``);
      }
      if (renamed.length > 0)
        yield { trial: withHeaders(trial, headers), evidence: `The delivery has ${renamed.join(", ")}.` };
    },
  },
  {
    id: "header_repeated",
    message: "A header came twice, or a proxy joined several into one.",
    remedy:
      "Find out who adds the header a second time. " +
      "Deliveries with a signature header that is there twice are refused on purpose.",
    *changes(trial) {
      for (const name of wanted(trial)) {
        const values = valuesOf(trial, name);
        const parts = values.flatMap((value) => value.split(/\s*,\s*/));
        if (parts.length < 2) continue;
        const evidence = `\`${name}\` holds ${parts.length} values where one is expected.`;
        for (const part of new Set([...values, ...parts]))
          yield { trial: withHeaders(trial, { [name]: part }), evidence };
        yield { trial: withHeaders(trial, { [name]: values.join(" ").replace(/,\s+/g, " ") }), evidence };
      }
    },
  },
  {
    id: "headers_swapped",
    message: "The values of two headers are swapped.",
    remedy: "Whoever copies the headers, such as a test or a gateway, must keep each value with its name.",
    *changes(trial) {
      const names = wanted(trial);
      for (const [at, first] of names.entries()) {
        for (const second of names.slice(at + 1)) {
          const [a, b] = [valuesOf(trial, first)[0], valuesOf(trial, second)[0]];
          if (a === undefined || b === undefined || a === b) continue;
          yield {
            trial: withHeaders(trial, { [first]: b, [second]: a }),
            evidence: `The value of \`${first}\` is in \`${second}\`, and the other way round.`,
          };
        }
      }
    },
  },
  {
    id: "header_escaped",
    message: "A header's value was escaped or quoted on its way.",
    remedy: "Pass the header's value on as it came: without URL encoding, quotes or spaces that were not sent.",
    *changes(trial) {
      for (const name of wanted(trial)) {
        const value = valuesOf(trial, name)[0];
        if (value === undefined) continue;
        const unescaped = unescape(value.trim().replace(/^(["'])(.*)\1$/, "$2"));
        for (const changed of [unescaped, unescaped.replace(/(?<=\S) (?=\S)/g, "+")]) {
          if (changed === value) continue;
          yield { trial: withHeaders(trial, { [name]: changed }), evidence: `\`${name}\` is escaped or quoted.` };
        }
      }
    },
  },
  {
    id: "signature_form",
    message: "The signature is right and written in another way than the provider writes it.",
    remedy: "Have the sender write it as the provider does; a gateway or a test of your own is the likely cause.",
    *changes(trial) {
      const shape = shapeOf(trial);
      if (shape.encoding === "token" || shape.encoding === "other") return;
      const { signature } = namesIn(trial);
      for (const value of valuesOf(trial, signature)) {
        for (const mac of [...macsIn(value), ...macsIn(decoded(value))]) {
          const right = written(shape, mac, timeIn(trial));
          if (right === value) continue;
          const form = shape.encoding === "hex" ? "lower-case hex" : "base64";
          const expected = shape.prefix === "" ? form : `${form} after \`${shape.prefix}\``;
          const evidence = `\`${signature}\` holds ${formOf(value, mac)}; expected is ${expected}.`;
          yield { trial: withHeaders(trial, { [signature]: right }), evidence };
        }
      }
    },
  },
  {
    id: "timestamp_milliseconds",
    message: "The timestamp header is not in whole Unix seconds, and the signature was made with seconds.",
    remedy: "Have the sender write the same whole seconds into the header that it signs.",
    *changes(trial) {
      const { timestamp } = namesIn(trial);
      const value = timestamp && valuesOf(trial, timestamp)[0];
      if (timestamp === undefined || value === undefined) return;
      for (const [seconds, form] of secondsOf(value.trim())) {
        yield { trial: withHeaders(trial, { [timestamp]: seconds }), evidence: `\`${timestamp}\` holds ${form}.` };
      }
    },
  },
];

function unescape(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Base64 of a signature that was written as hex already. */
function decoded(value: string): string {
  const text = /[A-Za-z0-9+/]{86,}={0,2}$/.exec(value)?.[0];
  try {
    return text === undefined ? "" : atob(text);
  } catch {
    return "";
  }
}

function formOf(value: string, mac: Uint8Array): string {
  const hex = toHex(mac);
  if (value.includes(hex)) return withPrefix("lower-case hex", value.slice(0, value.indexOf(hex)));
  if (value.toLowerCase().includes(hex)) return "hex with capital letters";
  const base64 = toBase64(mac);
  if (value.includes(base64)) return withPrefix("base64", value.slice(0, value.indexOf(base64)));
  if (decoded(value) !== "") return "base64 of hex";
  return value.includes("-") || value.includes("_") ? "base64url" : "base64 without padding";
}

/** The prefix itself is only said where it is one of the known words: what else stands there may be anything. */
function withPrefix(form: string, prefix: string): string {
  if (prefix === "") return `${form} without a prefix`;
  return /^(?:sha(?:1|256|512)=|hmac-sha256=|v[01][a-z]?[,=])$/i.test(prefix)
    ? `${form} after \`${prefix}\``
    : `${form} after something else`;
}

export function* secondsOf(value: string): Iterable<[string, string]> {
  if (/^\d{13}$/.test(value)) {
    yield [value.slice(0, 10), "milliseconds"];
    yield [String(Math.round(Number(value) / 1000)), "milliseconds"];
  } else if (/^\d{10}\.\d+$/.test(value)) {
    yield [value.slice(0, 10), "a fraction of a second"];
  } else if (/^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value))) {
    yield [String(Math.floor(Date.parse(value) / 1000)), "a date"];
  }
}
