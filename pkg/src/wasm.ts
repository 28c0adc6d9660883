// The one instance of the core. An entry says where its module comes from; it is made when it is first needed.

import * as glue from "./hookwarden.js";
import { HookwardenError } from "./failure.js";
import { moduleSource } from "./module.js";

let ready = false;
const forgetters: (() => void)[] = [];

/** Has something called when the instance is replaced, because whatever points into its memory is void then. */
export function onReplaced(forget: () => void): void {
  forgetters.push(forget);
}

/**
 * Calls into the core. What the core throws becomes a `HookwardenError`. Should it ever trap, the instance is replaced,
 * so that one bad call does not spoil all that follow.
 */
export function call<T>(run: (core: typeof glue) => T): T {
  if (!ready) start();
  try {
    return run(glue);
  } catch (error) {
    if (typeof error === "string") throw misuse(error);
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    for (const forget of forgetters) forget();
    glue.__wbg_reset_state();
    throw new HookwardenError("internal", "the core stopped in the middle of a call; please report this", {
      cause: error,
    });
  }
}

function start(): void {
  const source = moduleSource();
  if (source === undefined) {
    throw new HookwardenError("not_initialised", "hookwarden/slim needs its module first: call `init(module)`");
  }
  glue.initSync({ module: source() as WebAssembly.Module });
  ready = true;
}

function misuse(text: string): HookwardenError {
  const { code, message } = JSON.parse(text) as { code: string; message: string };
  return new HookwardenError(code, message);
}
