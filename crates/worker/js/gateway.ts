// The gateway in WebAssembly. What takes time there is a task: it is resumed with what has become of the promise that it
// waits for, until it ends.

import Wasm, { type Context } from "gateway";

export class Gateway {
  /** Taken out once: what worker-build wraps them in makes a proxy for each time. */
  readonly #wasm: Wasm;

  constructor(ctx: ExecutionContext, env: unknown) {
    const { answer, rehearse, relay, configure, resume } = new Wasm(ctx, env);
    this.#wasm = { answer, rehearse, relay, configure, resume };
  }

  /** Answers a request. */
  answer(request: Request, env: unknown, ctx: ExecutionContext): Promise<Response> {
    return this.#end(this.#wasm.answer(request, env, this.#context(ctx)));
  }

  /** Judges a delivery and answers with what the log would say of it. Nothing is claimed, relayed or remembered. */
  rehearse(request: Request, env: unknown, ctx: ExecutionContext): Promise<Response> {
    return this.#end(this.#wasm.rehearse(request, env, this.#context(ctx)));
  }

  /** Sends what is kept of an event to its origin. Gives the answer, or the code of what was in the way. */
  relay(meta: string, body: Uint8Array, attempt: number, env: unknown): Promise<Response | string> {
    return this.#end(this.#wasm.relay(meta, body, attempt, env));
  }

  /** Reads a document of sources, puts it in force if it shall, and gives what is wrong with it. */
  configure(document: string, inForce: boolean, env: unknown): [place: string, reason: string][] {
    return this.#wasm.configure(document, inForce, env);
  }

  /** What is done later begins when the delivery waits for something, or is answered. */
  #context(ctx: ExecutionContext): Context {
    return { later: (task) => ctx.waitUntil(Promise.resolve().then(() => this.#end(task))) };
  }

  async #end<T>(task: number): Promise<T> {
    let next = this.#wasm.resume(task, undefined, false);
    while (next instanceof Promise) {
      let [outcome, failed]: [unknown, boolean] = [undefined, false];
      try {
        outcome = await next;
      } catch (error) {
        [outcome, failed] = [error, true];
      }
      next = this.#wasm.resume(task, outcome, failed);
    }
    return next as T;
  }
}
