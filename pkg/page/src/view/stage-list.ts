// Stages of a delivery as a list, each with a symbol, a word for who sees no symbols, and a sentence.

import type { State } from "../delivery/stages.js";
import { h, icon, prose } from "./dom.js";

const ICONS: Readonly<Record<State, string>> = {
  pass: "check",
  fail: "cross",
  warn: "warn",
  preview: "check",
  wait: "wait",
  none: "none",
};
const WORDS: Readonly<Record<State, string>> = {
  pass: "passed",
  fail: "failed",
  warn: "passed with a remark",
  preview: "not vouched for",
  wait: "not judged",
  none: "does not apply",
};

export interface ShownStage {
  readonly id: string;
  readonly title: string;
  readonly state: State;
  readonly says: string;
  /** It holds what the sender chose: a backtick in it is one. */
  readonly plain?: boolean;
}

export function stageList(stages: readonly ShownStage[]): HTMLLIElement[] {
  return stages.map(({ id, title, state, says, plain }) =>
    h(
      "li",
      { "data-state": state, "data-stage": id },
      h("span", { class: "stage-icon" }, icon(ICONS[state])),
      h("span", { class: "stage-title" }, title, h("span", { class: "unseen" }, ` ${WORDS[state]}.`)),
      h("span", { class: "stage-says" }, ...(plain ? [says] : prose(says))),
    ),
  );
}
