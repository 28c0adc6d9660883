import { HookwardenError } from "hookwarden/errors";

/** A mistake in the call. The message repeats no argument: each may be a part of a secret that was not quoted. */
export function misuse(code: string, message: string): HookwardenError {
  return new HookwardenError(code, message);
}

export const usage = (message: string): HookwardenError => misuse("usage_invalid", message);
