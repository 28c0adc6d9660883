// The gateway in WebAssembly, as worker-build leaves it. What takes time gives the number of a task: `gateway.ts` resumes it.
declare module "gateway" {
  /** What a request leaves behind it: `later` sees a task to its end. */
  interface Context {
    later(task: number): void;
  }

  export default class Gateway {
    constructor(ctx: ExecutionContext, env: unknown);
    answer(request: Request, env: unknown, context: Context): number;
    rehearse(request: Request, env: unknown, context: Context): number;
    relay(meta: string, body: Uint8Array, attempt: number, env: unknown): number;
    configure(document: string, inForce: boolean, env: unknown): [place: string, reason: string][];
    /** Gives the next promise that the task waits for, or what it ends with, which is none. */
    resume(task: number, outcome: unknown, failed: boolean): unknown;
  }
}
