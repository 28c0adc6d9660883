// Where `hookwarden/explain` leaves itself for the verifiers. Not an import: bundlers would put it, lazy or not, into every
// bundle, and it belongs to development.

const NAME = Symbol.for("hookwarden.explain");
const shared = globalThis as { [NAME]?: unknown };

export function provideExplain(explain: unknown): void {
  shared[NAME] = explain;
}

export function explainer(): unknown {
  return shared[NAME];
}
