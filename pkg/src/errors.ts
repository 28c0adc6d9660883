export { CODES, HookwardenError, WebhookError } from "./core.js";
export type { Code, HookwardenErrorCode } from "./failure.js";
