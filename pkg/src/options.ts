import { HookwardenError } from "./failure.js";

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

/** An object with names of the caller's choice. */
export function entries<T>(
  options: Record<string, unknown>, name: string, read: (given: Record<string, unknown>, key: string) => T,
): Record<string, T> | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(`\`${name}\` must be an object`);
  const given = value as Record<string, unknown>;
  return Object.fromEntries(Object.keys(given).map((key) => [key, read(given, key)]));
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
