// Everything that the entries share, built as one file: every further file would cost a cold start about a millisecond.

export { definitions } from "./definitions.js";
export { CODES, HookwardenError, WebhookError } from "./failure.js";
export { provideModule } from "./module.js";
export { providers } from "./providers.js";
export { compileSchema } from "./schema.js";
export { sign } from "./sign.js";
export { createVerifier } from "./verifier.js";
