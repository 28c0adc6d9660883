import type { Settings } from "./settings.js";

type Hooks = Settings<any, any>["hooks"];

/** Calls a hook. Whatever it does, the delivery goes its way. */
export function tell<Name extends "onAccepted" | "onDuplicate" | "onRejected">(
  hooks: Hooks, name: Name, ...args: Parameters<NonNullable<Hooks[Name]>>
): void {
  const hook = hooks[name] as ((...args: unknown[]) => unknown) | undefined;
  guarded(() => hook?.(...args), (error) => report(hooks, error));
}

/** Says that something failed which is nobody else's to hear of. */
export function report(hooks: Hooks, error: unknown): void {
  const { onError } = hooks;
  if (onError === undefined) console.error(error);
  else guarded(() => onError(error), (another) => console.error(another));
}

function guarded(call: () => unknown, failed: (error: unknown) => void): void {
  try {
    const result = call();
    if (result instanceof Promise) result.catch(failed);
  } catch (error) {
    failed(error);
  }
}
