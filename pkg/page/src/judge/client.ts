// Asks the workers. Only the newest question of a kind is answered: what was asked before it is dropped.

import { workerUrl } from "assets";
import type { Answers, Ask, Reply, Request } from "./protocol.js";

export class AskError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  readonly request: Request;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** One worker. While it answers one question, only the last of those asked meanwhile waits. */
class Line {
  #worker: Worker | undefined;
  #asked: Waiting | undefined;
  #next: Waiting | undefined;
  #count = 0;

  /** `undefined` for a question that a newer one has replaced. */
  ask<A extends Ask>(ask: A, asked: Answers[A]["asked"]): Promise<Answers[A]["answer"] | undefined> {
    return new Promise((resolve, reject) => {
      this.#count += 1;
      this.#next?.resolve(undefined as never);
      this.#next = { request: { id: this.#count, ask, asked }, resolve: resolve as never, reject };
      if (this.#asked === undefined) this.#send();
    });
  }

  /** Gives up what is being answered: the next question gets a worker of its own. */
  stop(): void {
    this.#next?.resolve(undefined as never);
    this.#next = undefined;
    if (this.#asked === undefined) return;
    this.#asked.resolve(undefined as never);
    this.#asked = undefined;
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #send(): void {
    [this.#asked, this.#next] = [this.#next, undefined];
    if (this.#asked === undefined) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage(this.#asked.request);
  }

  #start(): Worker {
    const worker = new Worker(new URL(workerUrl, document.baseURI), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
      const asked = this.#asked;
      if (asked?.request.id !== data.id) return;
      if ("error" in data) asked.reject(new AskError(data.error.code, data.error.message));
      else asked.resolve(data.answer as never);
      this.#send();
    });
    worker.addEventListener("error", () => {
      const asked = this.#asked;
      this.#worker = undefined;
      worker.terminate();
      asked?.reject(new AskError("internal", "The judging thread could not be started. Reload the page."));
      this.#send();
    });
    return worker;
  }
}

// A search for reasons can take a second, and must not hold up the next verdict.
const verdicts = new Line();
const reasons = new Line();
const others = new Line();

export const judge = (asked: Answers["judge"]["asked"]) => verdicts.ask("judge", asked);
export const explain = (asked: Answers["explain"]["asked"]) => reasons.ask("explain", asked);
export const stopExplaining = () => reasons.stop();
export const sign = (asked: Answers["sign"]["asked"]) => others.ask("sign", asked);
export const takesDefinitions = () => verdicts.ask("definitions", null);
