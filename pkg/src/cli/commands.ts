// What there is: the one table that parsing, help and completion are made from.

import {
  deadPaged,
  delivery,
  examined,
  gateway,
  json,
  judged,
  JUDGING,
  logged,
  now,
  provider,
  replayed,
  request,
  schema,
  scheme,
  secrets,
  sending,
  type Options,
} from "./options.js";

export interface Command {
  readonly name: string;
  readonly help: string;
  /** The arguments, each in brackets if it may be absent. */
  readonly positionals: readonly string[];
  readonly options: Options;
  readonly exit: string;
}

const BODY = "[FILE|-]";

export const COMMANDS = [
  {
    name: "verify",
    help: "Judges a delivery: the body from a file or standard input, as it was received.",
    positionals: ["PROVIDER", BODY],
    options: { ...provider, ...delivery, ...judged, ...json(JUDGING) },
    exit: "0 accepted, 1 rejected, 2 mistake in the call",
  },
  {
    name: "explain",
    help: "Says why a signature does not fit, by trying what people get wrong. For development.",
    positionals: ["PROVIDER", BODY],
    options: {
      ...provider,
      ...delivery,
      ...request,
      ...secrets("other-secret", "another secret of yours that may have been used by mistake"),
      ...json(JUDGING),
    },
    exit: "0 accepted, 1 rejected, 2 mistake in the call",
  },
  {
    name: "sign",
    help: "Prints the headers that a genuine delivery of a body would carry.",
    positionals: ["PROVIDER", BODY],
    options: {
      ...provider,
      ...secrets("secret", "the signing secret"),
      ...scheme,
      ...request,
      id: { type: "string", value: "ID", help: "the event id, for schemes that sign one" },
      ...now,
      ...json("Lines of `name: value` if absent, as curl -H @FILE takes them"),
    },
    exit: "0 signed, 2 mistake in the call",
  },
  {
    name: "send",
    help: "Posts the provider's samples of an event, or a body of your own, signed, and prints a summary.",
    positionals: ["PROVIDER", "EVENT"],
    options: {
      ...provider,
      ...secrets("secret", "the signing secret"),
      ...scheme,
      ...now,
      ...sending,
      ...json("Text if absent"),
    },
    exit: "0 all were taken (2xx) or, with --tamper, all refused (4xx), 1 otherwise, 2 mistake in the call",
  },
  {
    name: "validate",
    help: "Judges any JSON by any JSON Schema. For people, it shows the values at fault.",
    positionals: [BODY],
    options: { ...schema, ...json(JUDGING) },
    exit: "0 valid, 1 not valid, 2 mistake in the call or in the schema",
  },
  {
    name: "providers",
    help: "Lists the providers, their schemes and their events.",
    positionals: [],
    options: json("A table if absent"),
    exit: "0",
  },
  {
    name: "deliveries",
    help: "Lists what a gateway has logged, or one delivery with all attempts of its event.",
    positionals: ["[ID]"],
    options: { ...gateway, ...logged, ...json(JUDGING) },
    exit: "0, 2 mistake in the call or no answer",
  },
  {
    name: "dead-letters",
    help: "Lists the events that a gateway could not deliver, or shows one.",
    positionals: ["[ID]"],
    options: {
      ...gateway,
      ...deadPaged,
      body: { type: "boolean", help: "with the payload, of one" },
      ...json(JUDGING),
    },
    exit: "0, 2 mistake in the call or no answer",
  },
  {
    name: "replay",
    help: "Has a gateway send dead letters to their origin again: one, or those of a filter.",
    positionals: ["[ID]"],
    options: { ...gateway, ...replayed, ...json(JUDGING) },
    exit: "0 all are delivered, 1 otherwise, 2 mistake in the call or no answer",
  },
  {
    name: "config",
    help: "Checks, stores, lists or prints the document with a gateway's sources.",
    positionals: ["push|check|show|pull", BODY],
    options: { ...gateway, ...json(JUDGING) },
    exit: "0, 1 something is wrong with the document, 2 mistake in the call or no answer",
  },
  {
    name: "doctor",
    help: "Checks a deployed gateway from end to end. Sends its origins nothing unless --deliver is given.",
    positionals: [],
    options: { ...gateway, ...examined, ...json(JUDGING) },
    exit: "0 nothing has failed, 1 something has, 2 mistake in the call",
  },
  {
    name: "completion",
    help: "Prints completion for a shell, for example: source <(hookwarden completion bash)",
    positionals: ["bash|zsh|fish"],
    options: {},
    exit: "0, 2 for another shell",
  },
  {
    name: "help",
    help: "Says what a command does.",
    positionals: ["[COMMAND]"],
    options: {},
    exit: "0",
  },
] as const satisfies readonly Command[];

export type CommandName = (typeof COMMANDS)[number]["name"];
