// What the page and its workers say to each other.

import type { Explanation } from "hookwarden/explain";
import type { Handshake, SchemaReport, Verdict, Violation } from "hookwarden/slim";
import type { Guess } from "../delivery/guess.js";
import type { Header } from "../delivery/headers.js";
import type { SignedContent } from "./signed-content.js";

export type SchemaMode = "observe" | "enforce";

/** A delivery and how it is to be judged. */
export interface Question {
  /** A name, or the text of a definition; `undefined` to guess. */
  readonly provider: string | undefined;
  readonly definition: string | undefined;
  readonly scheme: string | undefined;
  readonly secrets: readonly string[];
  readonly method: string | undefined;
  /** The URL of the endpoint, for schemes that sign it. */
  readonly url: string | undefined;
  /** Whether nobody has entered it. */
  readonly isUrlGuessed: boolean;
  readonly headers: readonly Header[];
  readonly body: Uint8Array<ArrayBuffer>;
  /** Unix seconds. */
  readonly now: number;
  readonly mode: SchemaMode;
  /** The text of a schema that takes the place of the provider's. */
  readonly ownSchema: string | undefined;
}

/** A verdict without what leads to the payload. */
export interface PlainVerdict {
  readonly verdict: "accepted" | "rejected";
  readonly code: Verdict["code"];
  readonly detail: string | undefined;
  readonly event: {
    readonly type: string | null;
    readonly id: string | null;
    readonly timestamp: number | null;
  } | null;
  readonly schema: SchemaReport | null;
  readonly key: string | null;
  readonly dedupe: boolean | null;
  readonly secret: number | null;
  /** The answer that the request wants, where it is a handshake. */
  readonly handshake: Handshake | undefined;
}

/** What is wrong with the question itself. */
export interface Misuse {
  readonly code: string;
  readonly message: string;
}

/** What the text of the body is, whoever sent it. */
export interface TextReport {
  readonly code: string | null;
  readonly detail: string | undefined;
  readonly violations: readonly Violation[];
}

export interface Judgement {
  readonly provider: string | undefined;
  readonly title: string | undefined;
  readonly scheme: string | undefined;
  /** Where the provider was guessed. */
  readonly guess: Guess | undefined;
  /** `undefined` where the question cannot be asked yet: no provider, no secret, or a misuse. */
  readonly verdict: PlainVerdict | undefined;
  /** What would be said of the same body, signed rightly: only where the delivery itself did not get so far. */
  readonly preview: PlainVerdict | undefined;
  readonly text: TextReport;
  readonly signed: SignedContent | undefined;
  readonly misuse: Misuse | undefined;
  readonly schemaMisuse: string | undefined;
  readonly signsUrl: boolean;
  /** Whether the URL that is signed was guessed. */
  readonly isUrlGuessed: boolean;
  /** Whether the body is read as a form. */
  readonly isForm: boolean;
  readonly tolerance: number | undefined;
  /** The time that the delivery was signed at, where a header says so. */
  readonly signedAt: number | undefined;
  readonly now: number;
  readonly milliseconds: number;
}

export interface Signing {
  readonly provider: string;
  readonly scheme: string | undefined;
  readonly secrets: readonly string[];
  readonly body: Uint8Array<ArrayBuffer>;
  readonly now: number;
}

export interface SignedHeaders {
  readonly headers: readonly Header[];
  /** Of those that were offered, the first that the scheme takes. */
  readonly secret: string;
}

/** What can be asked, and what is answered. */
export interface Answers {
  judge: { asked: Question; answer: Judgement };
  explain: { asked: Question; answer: Explanation };
  sign: { asked: Signing; answer: SignedHeaders };
  /** Whether this build takes a definition in the place of a name. */
  definitions: { asked: null; answer: boolean };
}

export type Ask = keyof Answers;

export interface Request<A extends Ask = Ask> {
  readonly id: number;
  readonly ask: A;
  readonly asked: Answers[A]["asked"];
}

export type Reply = { readonly id: number } & (
  { readonly answer: Answers[Ask]["answer"] } | { readonly error: Misuse }
);
