import { bytesOf, type BodyInput } from "./body.js";
import { HookwardenError } from "./failure.js";
import type { ProviderName, SchemeOption } from "./event.js";
import { checkNames, present, seconds, text } from "./options.js";
import { definitionOf, nameOf, textOf, type ProviderDefinition } from "./definitions.js";
import { call } from "./wasm.js";

/** What a delivery is signed with. */
export type SignOptions<P extends ProviderName = ProviderName> = SchemeOption<P> & Signing & {
  /** The signing secret, as the provider shows it. */
  readonly secret: string | undefined;
};

/** What differs from one delivery to the next. */
export interface Signing {
  /** The event id, for schemes that sign one. By default one that follows from the body. */
  readonly id?: string | undefined;
  /** The time in Unix seconds, for schemes that sign one. The present by default. */
  readonly now?: number | undefined;
  /** The URL of the endpoint, for schemes that sign it. */
  readonly url?: string | undefined;
  /** The HTTP method, for schemes that sign it. POST by default. */
  readonly method?: string | undefined;
}

/**
 * The headers that a genuine delivery of this body would carry: for tests of your own handler.
 *
 * ```js
 * const headers = sign("audian", body, { secret: "test secret" });
 * await fetch("http://127.0.0.1:3000/webhooks", { method: "POST", headers, body });
 * ```
 *
 * @throws {HookwardenError} for a mistake in the options, or a body that the provider could not sign.
 */
export function sign<P extends ProviderName>(
  provider: P | ProviderDefinition, body: BodyInput, options: SignOptions<P>,
): Record<string, string> {
  const given = checkNames(options, ["secret", "scheme", "id", "now", "url", "method"]);
  const secret = text(given, "secret");
  if (secret === undefined || secret === "") throw new HookwardenError("secret_missing", "there is no secret");
  const [scheme, id, url, method] = ["scheme", "id", "url", "method"].map((name) => text(given, name));
  const who = textOf(provider);
  const signing = JSON.stringify({ provider: nameOf(who), secret, scheme, id, url, method });
  const now = seconds(given["now"] ?? present());
  const bytes = bytesOf(body);
  const pairs = call((core) => core.sign(definitionOf(who), signing, now, bytes), bytes.length);
  return Object.fromEntries(JSON.parse(pairs) as [string, string][]);
}
