import { HookwardenError } from "./errors.js";

/** Reads the options of a call, strictly: a misspelt name is an error and not a default. */
export function checkNames(options: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof options !== "object" || options === null) throw wrong("there must be an object of options");
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw wrong(`there is no option \`${name}\`, only: ${names.join(", ")}`);
  }
  return options as Record<string, unknown>;
}

export function text(options: Record<string, unknown>, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "string") return value;
  throw wrong(`\`${name}\` must be a string`);
}

export function word<T extends string>(
  options: Record<string, unknown>, name: string, words: readonly T[],
): T | undefined {
  const value = options[name];
  if (value === undefined || words.includes(value as T)) return value as T | undefined;
  throw wrong(`\`${name}\` must be one of ${words.join(", ")}`);
}

/** Unix seconds; whoever passes milliseconds by mistake would find every delivery too old. */
export function seconds(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new HookwardenError("now_invalid", "the time must be a number of Unix seconds");
  }
  return value;
}

/** The present, in Unix seconds. */
export function present(): number {
  return Math.floor(Date.now() / 1000);
}

export function wrong(message: string): HookwardenError {
  return new HookwardenError("options_invalid", message);
}
