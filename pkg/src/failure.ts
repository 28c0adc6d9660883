import { CODES } from "./generated/codes.js";
import type { Rejected } from "./verdict.js";

export { CODES };

/** Why a delivery was not accepted: a stable word, the same in every part of Hookwarden. */
export type Code = keyof typeof CODES;

/** What is wrong with a call. The list grows: treat an unknown word as a mistake, too. */
export type HookwardenErrorCode =
  | "body_invalid"
  | "body_missing"
  | "body_parsed"
  | "definition_invalid"
  | "explain_missing"
  | "headers_invalid"
  | "internal"
  | "not_initialised"
  | "now_invalid"
  | "options_invalid"
  | "provider_unknown"
  | "schema_invalid"
  | "scheme_required"
  | "scheme_unknown"
  | "secret_invalid"
  | "secret_missing"
  | "tolerance_unused"
  | "unsignable"
  | (string & {});

/**
 * A mistake in how the library is used, such as a missing secret or a body that was parsed already. No delivery can
 * cause it by what it holds. The message never holds a secret or a value of the payload.
 */
export class HookwardenError extends Error {
  /** A stable word for programs, such as `body_parsed`. */
  readonly code: HookwardenErrorCode;

  constructor(code: HookwardenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A delivery was refused. `Verifier.assert` throws it. */
export class WebhookError extends Error {
  /** Why, as a stable word. */
  readonly code: Code;
  /** The HTTP status that answers such a delivery. */
  readonly status: number;
  /** What exactly is wrong, where there is more to say. */
  readonly detail: string | undefined;
  /** The whole verdict. */
  declare readonly verdict: Rejected;

  constructor(verdict: Rejected) {
    const { meaning, status } = CODES[verdict.code];
    super(verdict.detail === undefined ? meaning : `${meaning} (${verdict.detail})`);
    this.code = verdict.code;
    this.status = status;
    this.detail = verdict.detail;
    // Not enumerable: an error that is logged shows what it says, once.
    Object.defineProperty(this, "verdict", { value: verdict });
  }
}

for (const [name, type] of Object.entries({ HookwardenError, WebhookError })) {
  const brand = Symbol.for(`hookwarden.${name}`);
  Object.defineProperty(type.prototype, "name", { value: name, configurable: true, writable: true });
  Object.defineProperty(type.prototype, brand, { value: true });
  // Several entries of the package hold a copy of these classes: an error is an instance of any of them.
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: Function, error: unknown): boolean {
      if (this !== type) return Function.prototype[Symbol.hasInstance].call(this, error);
      return typeof error === "object" && error !== null && brand in error;
    },
  });
}
