/** An option of a command, in the words of `parseArgs`, with what help and completion say of it. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** What stands for the value in help. */
  readonly value?: string;
  readonly words?: readonly string[];
  readonly help: string;
  /** Whether the value is the name of a file. */
  readonly file?: boolean;
}

export type Options = Readonly<Record<string, Option>>;

const text = (value: string, help: string, more: Partial<Option> = {}): Option => ({
  type: "string",
  value,
  help,
  ...more,
});

/** The three ways of giving a secret. */
export const secrets = (name: string, what: string): Options => ({
  [name]: text("S", `${what}; may be repeated. Others on the machine can see it in the list of processes`, {
    multiple: true,
  }),
  [`${name}-env`]: text("NAME", "the environment variable that holds one", { multiple: true }),
  [`${name}-file`]: text("FILE", "the file that holds one; a line break at its end is not part of it", {
    multiple: true,
    file: true,
  }),
});

export const json = (otherwise: string): Options => ({
  json: { type: "boolean", help: `one JSON object, on one line; --no-json for people. ${otherwise}` },
});

export const JUDGING = "JSON unless the output is a terminal";

export const provider: Options = {
  "provider-file": text("FILE", "a provider of your own as JSON; PROVIDER is then left out", { file: true }),
};

export const request: Options = {
  url: text("URL", "the URL of the endpoint, for schemes that sign it"),
  method: text("METHOD", "the HTTP method, for schemes that sign it; POST if absent"),
};

export const scheme: Options = { scheme: text("NAME", "the signature scheme, where the provider has several and prefers none") };

export const now: Options = { now: text("UNIX", "the time in Unix seconds; the present if absent") };

export const delivery: Options = {
  ...secrets("secret", "the signing secret, as the provider shows it"),
  ...scheme,
  header: text("'NAME: VALUE'", "a header of the delivery; may be repeated", { multiple: true }),
  ...now,
};

export const judged: Options = {
  method: text("METHOD", "the HTTP method, if it is to be checked"),
  url: text("URL", "the URL that the provider delivers to, for schemes that sign it (Twilio, Square, HubSpot)"),
  "handshake-token": text("TOKEN", "the token that was chosen at the provider, for handshakes that repeat it"),
  "schema-mode": text("MODE", "what a broken schema leads to: observe (default), enforce or off", {
    words: ["observe", "enforce", "off"],
  }),
};

export const sending: Options = {
  to: text("URL", "where to post to"),
  count: text("N", "how many deliveries; 1 if absent"),
  concurrency: text("N", "how many at a time; 1 if absent"),
  tamper: { type: "boolean", help: "change the deliveries after they were signed: the receiver must refuse them" },
};

/** Which gateway is asked, and by whom. */
export const gateway: Options = {
  gateway: text("URL", "where the gateway is, such as https://hooks.example.com"),
  ...secrets("token", "its ADMIN_TOKEN; the variable HOOKWARDEN_TOKEN if absent"),
};

/** What doctor looks at. */
export const examined: Options = {
  source: text("NAME", "this source only; may be repeated", { multiple: true }),
  ...secrets("secret", "the signing secret of the one --source; the variable that is named as the Worker's secret if absent"),
  deliver: { type: "boolean", help: "send each source a made-up event, twice, which its origin gets once" },
};

const span: Options = {
  from: text("TIME", "no older than this: Unix seconds, or such as 2026-01-31T12:00:00Z"),
  to: text("TIME", "older than this"),
};

const paged: Options = {
  limit: text("N", "how many at most, up to 200"),
  cursor: text("CURSOR", "go on where the last listing ended"),
};

export const logged: Options = {
  source: text("NAME", "of this source only"),
  verdict: text("WORD", "accepted or rejected", { words: ["accepted", "rejected"] }),
  code: text("CODE", "with this code"),
  "event-type": text("TYPE", "of this event type"),
  key: text("KEY", "with this idempotency key"),
  ...span,
  ...paged,
};

export const dead: Options = {
  source: text("NAME", "of this source only"),
  reason: text("WORD", "for this reason", {
    words: ["payload_refused", "origin_refused", "exhausted", "source_unknown", "replay_failed"],
  }),
  code: text("CODE", "with this code"),
  "event-type": text("TYPE", "of this event type"),
  ...span,
};

export const deadPaged: Options = { ...dead, ...paged };

export const replayed: Options = {
  ...dead,
  limit: text("N", "how many at most; 20 if absent"),
  all: { type: "boolean", help: "all there are" },
};

export const schema: Options = { schema: text("FILE", "the JSON Schema", { file: true }) };
