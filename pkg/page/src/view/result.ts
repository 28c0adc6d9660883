// The verdict: its headline, the stages, the reasons, the places at fault.

import type { Explanation, Finding } from "hookwarden/explain";
import type { Violation } from "hookwarden/slim";
import type { Headline, Stage } from "../delivery/stages.js";
import { byId, h, icon, prose } from "./dom.js";
import { stageList } from "./stage-list.js";

const FACES: Readonly<Record<Headline["state"], string>> = {
  accepted: "check",
  rejected: "cross",
  open: "wait",
  empty: "none",
};

export function showHeadline({ state, title, code, says }: Headline, reason: string | undefined): void {
  const card = byId("verdict");
  card.dataset["state"] = state;
  byId("verdict-icon").replaceChildren(icon(FACES[state]));
  byId("verdict-title").textContent = title;
  const chip = byId("verdict-code");
  chip.textContent = code ?? "";
  chip.hidden = code === undefined;
  byId("verdict-says").replaceChildren(...prose(says));
  byId("verdict-reason").replaceChildren(...prose(reason ?? ""));
  const bar = byId("verdict-bar");
  bar.hidden = state === "empty";
  bar.dataset["state"] = state;
  byId("verdict-bar-text").textContent = code === undefined ? title : `${title}: ${code}`;
}

export function showStages(stages: readonly Stage[]): void {
  byId("stages").replaceChildren(...stageList(stages));
  const open = stages.some(({ state }) => state === "preview");
  byId("stages-note").textContent = open
    ? "A ring without colour: this would hold if what failed were right. Until then, nobody vouches for it."
    : "";
}

/** The reasons why a signature does not fit. */
export function showReasons(explanation: Explanation | undefined): void {
  const { findings = [], hint = null, tried = 0, complete = true } = explanation ?? {};
  byId("reasons").hidden = findings.length === 0 && hint === null;
  byId("reasons-list").replaceChildren(
    ...findings.map(reason),
    ...(hint === null ? [] : [h("p", { class: "hint" }, ...prose(hint))]),
  );
  const cut = complete ? "" : " The search was cut short, because the body is large.";
  byId("reasons-tried").textContent =
    tried === 0 ? "" : `${tried} changed ${tried === 1 ? "delivery was" : "deliveries were"} tried.${cut}`;
}

function reason({ id, confidence, message, evidence, remedy, with: other }: Finding): HTMLElement {
  const word = confidence === "proven" ? "Proven" : "Possible";
  const title =
    confidence === "proven"
      ? "With this undone, the signature fits."
      : "It looks like this; it cannot be proven any more.";
  return h(
    "article",
    { class: "reason", "data-finding": id },
    h("h3", {}, ...prose(message)),
    h(
      "p",
      { class: "chips" },
      h("span", { class: `chip ${confidence}`, title }, word),
      h("code", { class: "chip plain" }, id),
      other !== undefined && h("span", { class: "chip plain" }, `together with ${other}`),
    ),
    h("p", { class: "evidence" }, ...prose(evidence)),
    h("p", { class: "remedy" }, h("strong", {}, "What to do "), ...prose(remedy)),
  );
}

/** The places where the payload breaks its schema; a click on one goes there. */
export function showViolations(violations: readonly Violation[], onChoose: (place: Violation) => void): void {
  byId("places").hidden = violations.length === 0;
  byId("places-count").textContent = String(violations.length);
  byId("places-list").replaceChildren(
    ...violations.map((violation) => {
      const { path, keyword, message, line, column, schema } = violation;
      const button = h(
        "button",
        { type: "button", class: "place" },
        h("span", { class: "place-at" }, `${line}:${column}`),
        h("code", { class: "place-path" }, path === "" ? "(whole body)" : path),
        h("span", { class: "place-says" }, message),
        h("span", { class: "place-keyword" }, schema === "" ? keyword : schema),
      );
      button.addEventListener("click", () => onChoose(violation));
      return h("li", {}, button);
    }),
  );
}
