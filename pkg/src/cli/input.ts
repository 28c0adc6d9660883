// Where bodies, secrets and headers come from.

import { readFileSync } from "node:fs";
import type { ProviderName } from "hookwarden";
import type { Arguments } from "./arguments.js";
import { misuse, usage } from "./misuse.js";

/** The body, from a file or standard input. */
export function bodyFrom(file: string | undefined): Uint8Array {
  const standard = file === undefined || file === "-";
  if (standard && process.stdin.isTTY) process.stderr.write("hookwarden: reading from the terminal; end with Ctrl-D\n");
  return fileFrom(standard ? 0 : (file as string), standard ? "standard input" : "the file");
}

export function fileFrom(file: string | 0, what: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Windows has no other sign of an empty standard input.
    if (file === 0 && code === "EOF") return new Uint8Array();
    throw misuse("file_unreadable", `${what} could not be read (${code ?? "error"})`);
  }
}

/** A body that is text. */
export function textFrom(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bodyFrom(file));
  } catch (error) {
    if (error instanceof TypeError) throw misuse("body_invalid", "the body is not UTF-8");
    throw error;
  }
}

/** The provider, by its name or from a file, and the other argument. */
export function providerFrom(args: Arguments): [ProviderName, string | undefined] {
  const file = args.text("provider-file");
  const [first, second] = args.positionals;
  if (file === undefined) return [first as ProviderName, second];
  const text = new TextDecoder().decode(fileFrom(file, "the file of --provider-file"));
  try {
    // Whether it is a definition is for the core to say.
    return [JSON.parse(text) as ProviderName, first];
  } catch {
    throw misuse("definition_invalid", "the file of --provider-file is not JSON");
  }
}

/** The secrets in the order --secret, --secret-env, --secret-file. */
export function secretsFrom(args: Arguments, name = "secret"): string[] {
  const secrets = [
    ...args.texts(name),
    ...args.texts(`${name}-env`).map((variable) => {
      const value = process.env[variable];
      if (value === undefined || value === "") {
        throw misuse("secret_missing", `an environment variable that --${name}-env names is not set`);
      }
      return value;
    }),
    ...args.texts(`${name}-file`).map((file) => {
      const bytes = fileFrom(file, `the file of --${name}-file`);
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, "");
      } catch {
        throw misuse("secret_invalid", `the file of --${name}-file is not UTF-8`);
      }
    }),
  ];
  if (secrets.some((secret) => secret === "")) throw misuse("secret_missing", `a secret of --${name} is empty`);
  return secrets;
}

export function neededSecrets(args: Arguments): string[] {
  const secrets = secretsFrom(args);
  if (secrets.length > 0) return secrets;
  throw misuse("secret_missing", "there is no secret: give --secret, --secret-env or --secret-file");
}

export function oneSecret(args: Arguments): string {
  const secrets = neededSecrets(args);
  if (secrets.length === 1) return secrets[0] as string;
  throw usage("give one secret to sign with");
}

export function headersFrom(args: Arguments): [string, string][] {
  return args.texts("header").map((header) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/s.exec(header) ?? [];
    if (name === undefined || value === undefined) throw usage("a --header must be 'Name: value'");
    return [name, value];
  });
}

export function urlFrom(given: string, option: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw usage(`--${option} must be an http or https URL without a user name or password`);
  }
  return url;
}
