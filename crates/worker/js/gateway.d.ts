// The gateway in WebAssembly, as worker-build leaves it.
declare module "gateway" {
  export default class Gateway {
    constructor(ctx: ExecutionContext, env: unknown);
    fetch(request: Request): Promise<Response>;
    /** Judges a delivery and answers with what the log would say of it. Nothing is claimed, relayed or remembered. */
    rehearse(request: Request, env: unknown, ctx: ExecutionContext): Promise<Response>;
    /** Reads a document of sources, puts it in force if it shall, and gives what is wrong with it. */
    configure(document: string, inForce: boolean, env: unknown): [place: string, reason: string][];
    /** Sends what is kept of an event to its origin. Gives the answer, or the code of what was in the way. */
    relay(meta: string, body: Uint8Array, attempt: number, env: unknown): Promise<Response | string>;
  }
}
