import type { Explanation } from "../explain.js";
import type { Verifier, VerifyOptions } from "../verifier.js";
import type { HeadersInput } from "../headers.js";
import { report } from "./hooks.js";
import type { Settings } from "./settings.js";

/** Why a delivery is not genuine. What goes wrong on the way is reported, and the delivery is refused as ever. */
export function explained(
  { explain, hooks }: Settings<any, any>, verifier: Verifier<any, any>, headers: HeadersInput, body: Uint8Array,
  request: Pick<VerifyOptions, "method" | "url">,
): Explanation | undefined {
  if (!explain) return undefined;
  try {
    const explanation = verifier.explain(headers, body, request);
    if (hooks.onRejected === undefined) console.warn(lines(explanation).join("\n"));
    return explanation;
  } catch (error) {
    report(hooks, error);
    return undefined;
  }
}

function lines({ code, findings, hint }: Explanation): string[] {
  const found = findings.map(({ message, evidence, remedy }) => `  ${message}\n    seen: ${evidence}\n    do:   ${remedy}`);
  return [`hookwarden: ${code}`, ...found, ...(hint === null ? [] : [`  ${hint}`])];
}
