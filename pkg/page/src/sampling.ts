// Samples: a genuine delivery of any provider and event, and some that show what goes wrong.

import { providerOf, providers } from "./delivery/catalogue.js";
import { textOf, utf8 } from "./delivery/bytes.js";
import { AskError } from "./judge/client.js";
import { bodyOf, eventsOf, makeSample, signedSample } from "./samples.js";
import type { Filling, Session } from "./session.js";
import { byId } from "./view/dom.js";
import { notify } from "./view/notice.js";

type Fill = (filling: Filling, says: string) => void;

export function setUpSamples(session: Session, fill: Fill): void {
  const dialog = byId<HTMLDialogElement>("sample");
  const withSamples = providers.filter(({ events }) => events.length > 0);
  const [provider, scheme, event] = ["sample-provider", "sample-scheme", "sample-event"].map((id) =>
    byId<HTMLSelectElement>(id),
  ) as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement];
  // Of the others, no event is known well enough to make one up.
  provider.replaceChildren(...withSamples.map(({ name, title }) => new Option(title, name)));

  const list = async () => {
    const facts = providerOf(provider.value);
    scheme.replaceChildren(...(facts?.schemes ?? []).map(({ name }) => new Option(name, name)));
    scheme.disabled = scheme.options.length < 2;
    if (session.scheme.value !== "" && facts?.schemes.some(({ name }) => name === session.scheme.value))
      scheme.value = session.scheme.value;
    const events = await attempt(() => eventsOf(provider.value));
    event.replaceChildren(...(events ?? []).map((name, at) => new Option(name, String(at))));
  };
  provider.addEventListener("change", () => void list());
  byId("sample-open").addEventListener("click", async () => {
    if (withSamples.some(({ name }) => name === session.provider.value)) provider.value = session.provider.value as string;
    dialog.showModal();
    await list();
  });
  byId("sample-cancel").addEventListener("click", () => dialog.close());
  byId("sample-make").addEventListener("click", async () => {
    const facts = providerOf(provider.value);
    if (facts === undefined) return;
    const now = session.clock.now;
    const sample = await attempt(() =>
      makeSample(facts, scheme.value, Number(event.value), session.secrets.values, now),
    );
    dialog.close();
    if (sample === undefined) return;
    const { head, body, secret } = sample;
    const made = session.secrets.values.includes(secret) ? "with your secret" : "with a secret that was made up";
    fill(
      {
        provider: facts.name,
        scheme: facts.schemes.length > 1 ? scheme.value : undefined,
        head,
        body,
        secrets: [secret],
        now: session.clock.chosen,
      },
      `A sample of ${facts.title}, signed ${made}.`,
    );
  });
  for (const button of document.querySelectorAll<HTMLElement>("[data-sample]")) {
    button.addEventListener(
      "click",
      () => void attempt(() => EXAMPLES[button.dataset["sample"] as string]?.(fill) ?? Promise.resolve()),
    );
  }
}

/** Deliveries for who has none at hand. */
const EXAMPLES: Readonly<Record<string, (fill: Fill) => Promise<void>>> = {
  genuine: (fill) => example(fill, {}, "A genuine delivery. Change a character of it and see."),
  async parsed(fill) {
    await example(
      fill,
      { sent: (text) => text.trim(), received: (text) => JSON.stringify(JSON.parse(text)) },
      "This one went through express.json() and JSON.stringify before it was verified.",
    );
  },
  async schema(fill) {
    await example(
      fill,
      {
        sent: (text) =>
          text.replace(/("duration"\s*:\s*)\d+/, '$1"12 minutes"').replace(/("direction"\s*:\s*)"[^"]*"/, "$1null"),
      },
      "This one is genuine, but its payload breaks the schema.",
    );
  },
  old: (fill) =>
    example(fill, { age: 26 * 3600 }, "This one was captured yesterday. Judge it at the time it was signed."),
};

interface Twist {
  /** What the provider signs in place of its sample. */
  readonly sent?: (text: string) => string;
  /** What becomes of the body on its way. */
  readonly received?: (text: string) => string;
  /** In seconds. */
  readonly age?: number;
}

async function example(fill: Fill, { sent, received, age = 0 }: Twist, says: string): Promise<void> {
  const provider = providerOf("audian");
  const text = await bodyOf("audian", "call.completed");
  if (provider === undefined || text === undefined) return;
  const now = Math.floor(Date.now() / 1000) - age;
  const sample = await signedSample(provider, undefined, utf8(sent?.(text) ?? text), [], now);
  if (sample === undefined) return;
  const body = received === undefined ? sample.body : utf8(received(textOf(sample.body) ?? ""));
  const headers = sample.head.headers.filter(([name]) => received === undefined || name !== "content-length");
  fill(
    {
      provider: provider.name,
      scheme: undefined,
      head: { ...sample.head, headers },
      body,
      secrets: [sample.secret],
      now: undefined,
    },
    says,
  );
}

async function attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    const message = error instanceof AskError || error instanceof Error ? error.message : String(error);
    notify(`This cannot be done: ${message}.`);
    return undefined;
  }
}
