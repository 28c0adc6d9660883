// What workerd starts: the gateway in WebAssembly, and beside it the Durable Objects. Those count, compare and
// keep rows; nothing in them needs the core, so they are spared the WebAssembly and the border to it.

// @ts-expect-error worker-build makes it, without types
export { default } from "gateway";
export { EventStore } from "./event-store.js";
