// The one instance of the core. An entry says where its module comes from; it is made when it is first needed.

import * as glue from "./hookwarden.js";
import { HookwardenError } from "./failure.js";
import { moduleSource } from "./module.js";

/** A long body makes the memory grow, which never shrinks in WebAssembly. Beyond this it is given back. */
const MOST_BYTES = 16 * 1024 * 1024;
/** After a shorter body nobody looks: then it was verifiers that made the memory grow, and they are in use. */
const LONG_BYTES = 1024 * 1024;

let ready = false;
/** Whether a long body has left too much memory behind it. */
let grown = false;
const forgetters: (() => void)[] = [];

/** Has something called when the instance is replaced, because whatever points into its memory is void then. */
export function onReplaced(forget: () => void): void {
  forgetters.push(forget);
}

/**
 * Calls into the core. What the core throws becomes a `HookwardenError`. Should it ever trap, the instance is replaced,
 * so that one bad call does not spoil all that follow. It is replaced, too, to give memory back: `length` is that of the
 * body, for calls that leave nothing else in the core's memory.
 */
export function call<T>(run: (core: typeof glue) => T, length?: number): T {
  if (!ready) start();
  try {
    return run(glue);
  } catch (error) {
    if (typeof error === "string") throw misuse(error);
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    replace();
    throw new HookwardenError("internal", "the core stopped in the middle of a call; please report this", {
      cause: error,
    });
  } finally {
    if (length !== undefined) giveBack(length);
  }
}

/** After the next short body: long ones in a row share their memory, since fresh memory costs as much as judging them. */
function giveBack(length: number): void {
  if (length >= LONG_BYTES) grown = memoryBytes() > MOST_BYTES;
  else if (grown) {
    try {
      replace();
    } catch {
      // There is no room for another instance: the old one goes on, and the verdict stands.
    }
  }
}

/** The module stays, and with it the code that the engine has made of it. */
function replace(): void {
  grown = false;
  for (const forget of forgetters) forget();
  glue.__wbg_reset_state();
}

/** Once there is an instance, `initSync` gives the exports of the one in use, and does nothing else. */
function memoryBytes(): number {
  return glue.initSync(undefined as never).memory.buffer.byteLength;
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
