export { compileSchema, createVerifier, HookwardenError, providers, sign, WebhookError } from "./core.js";
export type { Code, HookwardenErrorCode } from "./failure.js";
export type { BodyInput } from "./body.js";
export type { HeadersInput } from "./headers.js";
export type {
  Event, EventOf, EventType, KnownEvent, OwnEvent, ProviderName, SchemeName, SchemeOption, UnknownEvent,
} from "./event.js";
export type * from "./generated/providers.js";
export type { ProviderDefinition } from "./definitions.js";
export type { PublicKeyCheck, PublicKeyVerifier } from "./public-keys.js";
export type { ProviderInfo } from "./providers.js";
export type { CompiledSchema, JsonSchema, SchemaCode, SchemaOptions, SchemaResult } from "./schema.js";
export type { Signing, SignOptions } from "./sign.js";
export type { Accepted, Handshake, Rejected, SchemaReport, SchemaStatus, Verdict, Violation } from "./verdict.js";
export type { SchemaMode, Verifier, VerifierOptions, VerifyOptions } from "./verifier.js";
