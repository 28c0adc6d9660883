import { paint } from "./output.js";

export type State = "ok" | "warning" | "failed" | "skipped";

export interface Check {
  readonly state: State;
  readonly what: string;
  readonly detail: string;
  /** What to do, where something is to be done. */
  readonly remedy?: string;
}

const COLOURS = { ok: "green", warning: "yellow", failed: "red", skipped: "dim" } as const;

/** What was looked at, in the order in which it was. */
export class Checklist {
  readonly checks: Check[] = [];

  add(state: State, what: string, detail: string, remedy?: string): void {
    this.checks.push({ state, what, detail, ...(remedy === undefined ? {} : { remedy }) });
  }

  get isWell(): boolean {
    return this.checks.every(({ state }) => state !== "failed");
  }

  described(): string {
    const width = Math.max(...this.checks.map(({ what }) => what.length));
    const lines = this.checks.flatMap(({ state, what, detail, remedy }) => {
      const line = `${paint(COLOURS[state], state.padEnd(7))}  ${what.padEnd(width)}  ${detail}`;
      return remedy === undefined ? [line] : [line, `${" ".repeat(9)}${" ".repeat(width)}  → ${remedy}`];
    });
    const count = (state: State) => this.checks.filter((check) => check.state === state).length;
    const [ok, warnings, failed, skipped] = (["ok", "warning", "failed", "skipped"] as const).map(count);
    const summary = `${ok} ok, ${warnings} warnings, ${failed} failed, ${skipped} skipped`;
    return [...lines, "", paint(this.isWell ? "green" : "red", summary)].join("\n");
  }
}
