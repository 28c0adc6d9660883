// The thread on which everything is judged: the page itself only shows, so typing never waits.

import { createVerifier, HookwardenError, init, sign } from "hookwarden/slim";
import { explain } from "hookwarden/explain";
import { wasmUrl } from "assets";
import { definitionOf } from "../delivery/definition.js";
import { guess, guessScheme } from "../delivery/guess.js";
import { providerOf, schemeOf } from "../delivery/catalogue.js";
import { offerInflated } from "./inflate.js";
import { judge, misuseOf, requestOf } from "./judge.js";
import { publicKeysFor } from "./keys.js";
import type { Answers, Ask, Question, Reply, Request, Signing, SignedHeaders } from "./protocol.js";

const ready = WebAssembly.compileStreaming(fetch(new URL(wasmUrl, self.location.href))).then(init);

type Answering<A extends Ask> = Answers[A]["answer"] | Promise<Answers[A]["answer"]>;

const answers: { [A in Ask]: (asked: Answers[A]["asked"]) => Answering<A> } = {
  judge,
  explain: explained,
  sign: signed,
  definitions: () => misuseOf(() => createVerifier(EXAMPLE as never, { secret: "probe" } as never)) === undefined,
};

self.addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  let reply: Reply;
  try {
    await ready;
    reply = { id: data.id, answer: await answers[data.ask](data.asked as never) };
  } catch (error) {
    reply = { id: data.id, error: failureOf(error) };
  }
  postMessage(reply);
});

function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof HookwardenError) return { code: error.code, message: error.message };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

async function explained(question: Question): Promise<Answers["explain"]["answer"]> {
  const { definition, headers, body, now, secrets } = question;
  const guessed = question.provider === undefined ? guess(headers, body) : undefined;
  const read = definition === undefined ? undefined : definitionOf(definition);
  const facts =
    read === undefined ? providerOf(question.provider ?? guessed?.provider) : "facts" in read ? read.facts : undefined;
  if (facts === undefined) throw new HookwardenError("provider_unknown", "no provider is chosen");
  const given = read !== undefined && "definition" in read ? read.definition : facts.name;
  const scheme =
    question.scheme ?? guessed?.scheme ?? (facts.schemes.length > 1 ? guessScheme(facts, headers) : undefined);
  await offerInflated(body);
  const found = schemeOf(facts, scheme);
  const publicKeys = await publicKeysFor(found);
  const request = requestOf(found, question);
  const options = { secrets, scheme, now, publicKeys, otherSecrets: [], ...request };
  return explain(given as never, options as never, headers, body);
}

function signed({ provider, scheme, secrets, body, now }: Signing): SignedHeaders {
  let last: unknown;
  for (const secret of secrets) {
    try {
      return { headers: Object.entries(sign(provider as never, body, { secret, scheme, now } as never)), secret };
    } catch (error) {
      // Another of them may have the form that this scheme asks for.
      if (!(error instanceof HookwardenError) || error.code !== "secret_invalid") throw error;
      last = error;
    }
  }
  throw last;
}

/** A definition that every build which takes definitions takes. */
const EXAMPLE = {
  name: "example",
  title: "Example",
  docs: "https://example.com/",
  event: { type: ["/type"] },
  schemes: [
    {
      name: "hmac",
      algorithm: "hmac-sha256",
      encoding: "hex",
      signed_content: "{body}",
      secret: "utf8",
      headers: [{ signature: "x-signature" }],
    },
  ],
};
