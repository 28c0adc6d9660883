// verify, explain and validate: what says whether something is right.

import { compileSchema, createVerifier, type Verdict, type Violation } from "hookwarden";
import { CODES, type Code } from "hookwarden/errors";
import { explain as explainDelivery } from "hookwarden/explain";
import type { Arguments } from "./arguments.js";
import { bodyFrom, fileFrom, headersFrom, neededSecrets, providerFrom, secretsFrom, urlFrom } from "./input.js";
import { usage } from "./misuse.js";
import { inJson, paint, plain, print, printJson } from "./output.js";

const LATEST = 999_999_999_999;

export function verify(args: Arguments): number {
  const [provider, file] = providerFrom(args);
  const url = args.text("url");
  if (url !== undefined) urlFrom(url, "url");
  const more = { schema: modeOf(args.text("schema-mode")), url, handshakeToken: args.text("handshake-token") };
  const options = { ...judging(args), ...more };
  const verifier = createVerifier(provider, options as never);
  const verdict = verifier.verify(headersFrom(args), bodyFrom(file), { method: args.text("method") });
  if (inJson(args)) printJson(verdict);
  else print(described(verdict));
  return verdict.verdict === "accepted" ? 0 : 1;
}

function judging(args: Arguments) {
  return { secrets: neededSecrets(args), scheme: args.text("scheme"), now: args.whole("now", 0, LATEST) };
}

function modeOf(mode: string | undefined): string | undefined {
  if (mode === undefined || ["observe", "enforce", "off"].includes(mode)) return mode;
  throw usage("--schema-mode must be observe, enforce or off");
}

function described({ verdict, code, event, schema, handshake, ...rest }: Verdict): string {
  const lines = [verdict === "accepted" ? paint("green", "accepted") : refused(code as Code)];
  if (handshake !== undefined) lines.push(`  a handshake, answered ${handshake.status} ${plain(handshake.body)}`);
  if ("detail" in rest && rest.detail !== undefined) lines.push(`  ${plain(rest.detail)}`);
  if (event !== null) {
    lines.push(`  event   ${plain(event.type ?? "none")}`);
    if (event.id !== null) lines.push(`  id      ${plain(event.id)}`);
    if (event.timestamp !== null) lines.push(`  time    ${event.timestamp}`);
  }
  if (schema !== null) lines.push(`  schema  ${schema.status}`, ...schema.violations.map((one) => `    ${place(one)}`));
  return lines.join("\n");
}

function refused(code: string): string {
  const meaning = Object.hasOwn(CODES, code) ? `: ${CODES[code as Code].meaning}` : "";
  return `${paint("red", "rejected")} ${paint("bold", code)}${meaning}`;
}

function place({ path, message, line, column, value }: Violation): string {
  const shown = value === undefined ? "" : ` ${paint("dim", plain(value))}`;
  return `${line}:${column}  ${plain(path) || "(whole)"}  ${plain(message)}${shown}`;
}

export function explain(args: Arguments): number {
  const [provider, file] = providerFrom(args);
  const url = args.text("url");
  if (url !== undefined) urlFrom(url, "url");
  const more = { url, method: args.text("method"), otherSecrets: secretsFrom(args, "other-secret") };
  const options = { ...judging(args), ...more };
  const explanation = explainDelivery(provider, options as never, headersFrom(args), bodyFrom(file));
  const { code, findings, hint, tried } = explanation;
  if (inJson(args)) printJson({ verdict: code === null ? "accepted" : "rejected", ...explanation });
  else {
    print(code === null ? paint("green", "accepted") : refused(code));
    for (const { id, confidence, message, evidence, remedy } of findings) {
      const [shown, sure] = [plain(evidence), confidence === "possible" ? " (possible)" : ""];
      print(`\n${paint("yellow", message)}${sure} ${paint("dim", id)}\n  ${shown}\n  ${remedy}`);
    }
    if (hint !== null) print(`\nNone of ${tried} changes makes the signature fit. ${hint}`);
  }
  return code === null ? 0 : 1;
}

export function validate(args: Arguments): number {
  const from = args.needed("schema");
  const [file] = args.positionals;
  if (from === "-" && (file === undefined || file === "-"))
    throw usage("only one of schema and JSON can come from standard input");
  const schema = compileSchema(new TextDecoder().decode(fileFrom(from === "-" ? 0 : from, "the schema's file")));
  const json = inJson(args);
  // Values only for the person who has the text before them, never for a log.
  const { valid, code, detail, violations } = schema.validate(bodyFrom(file), { values: !json });
  if (json) printJson({ valid, code, ...(detail === undefined ? {} : { detail }), violations });
  else {
    print(valid ? paint("green", "valid") : `${paint("red", "not valid")} ${paint("bold", code as string)}`);
    if (detail !== undefined) print(`  ${plain(detail)}`);
    for (const violation of violations) print(`  ${place(violation)}`);
  }
  return valid ? 0 : 1;
}
