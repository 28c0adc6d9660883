// Reads the command line.

import { parseArgs } from "node:util";
import type { Command } from "./commands.js";
import { usage } from "./misuse.js";

export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean | undefined;
  /** A whole number from `least` to `most`. */
  whole(name: string, least: number, most: number): number | undefined;
  needed(name: string): string;
}

type Values = Record<string, string | boolean | readonly (string | boolean)[] | undefined>;

export function read(command: Command, args: readonly string[]): Arguments & { readonly help: boolean } {
  const { values, positionals } = parse(command, args);
  // A provider in a file stands for the one that is named.
  const named = values["provider-file"] === undefined ? 0 : 1;
  const least = command.positionals.filter((name) => !name.startsWith("[")).length - named;
  const help = values["help"] === true;
  if (!help && (positionals.length < least || positionals.length > command.positionals.length - named)) {
    const expected = command.positionals.join(" ") || "no arguments";
    throw usage(
      `${command.name} takes ${expected}, and there are ${positionals.length} arguments. ` +
        "Put quotes around values with spaces",
    );
  }
  const text = (name: string) => values[name] as string | undefined;
  return {
    help,
    positionals,
    text,
    texts: (name) => (values[name] ?? []) as readonly string[],
    flag: (name) => values[name] as boolean | undefined,
    whole(name, least, most) {
      const given = text(name);
      if (given === undefined) return undefined;
      const value = /^\d{1,12}$/.test(given) ? Number(given) : NaN;
      if (value >= least && value <= most) return value;
      throw usage(`--${name} must be a whole number from ${least} to ${most}`);
    },
    needed(name) {
      const given = text(name);
      if (given === undefined || given === "") throw usage(`${command.name} needs --${name}`);
      return given;
    },
  };
}

function parse(command: Command, args: readonly string[]): { values: Values; positionals: string[] } {
  const known = Object.entries(command.options).map(([name, { type, multiple }]) => [
    name,
    { type, multiple: multiple ?? false },
  ]);
  const options = { ...Object.fromEntries(known), help: { type: "boolean" as const, short: "h" } };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true, strict: true }) as never;
  } catch (error) {
    throw usage(messageOf(error as Error & { code?: string }, command));
  }
}

function messageOf(error: Error & { code?: string }, command: Command): string {
  const name = /'(?:-\w, )?--(?:no-)?([a-z-]+)/.exec(error.message)?.[1];
  if (
    error.code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE" &&
    name !== undefined &&
    Object.hasOwn(command.options, name)
  ) {
    return command.options[name]?.type === "boolean"
      ? `--${name} takes no value`
      : `--${name} needs a value; write --${name}=VALUE if it begins with a dash`;
  }
  return `${command.name} has no such option; its options are ${Object.keys(command.options)
    .map((one) => `--${one}`)
    .join(", ")}`;
}
