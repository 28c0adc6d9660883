// config: the document of sources of a deployed gateway. What is right in it, the gateway says.

import { ask } from "./api.js";
import type { Arguments } from "./arguments.js";
import { bodyFrom } from "./input.js";
import { usage } from "./misuse.js";
import { columns, inJson, paint, plain, print, printJson } from "./output.js";

type Problem = { readonly place: string; readonly reason: string };
type Sources = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const RUN: Readonly<Record<string, (args: Arguments, file: string | undefined) => Promise<number>>> = {
  push: (args, file) => hand(args, file, true),
  check: (args, file) => hand(args, file, false),
  show,
  pull,
};

export async function config(args: Arguments): Promise<number> {
  const [action = "", file] = args.positionals;
  const run = Object.hasOwn(RUN, action) ? RUN[action] : undefined;
  if (run === undefined) throw usage(`config takes one of: ${Object.keys(RUN).join(", ")}`);
  return run(args, file);
}

/** Has the gateway check a document, and store it if it shall. */
async function hand(args: Arguments, file: string | undefined, store: boolean): Promise<number> {
  const [method, path] = store ? ["PUT", "config"] : ["POST", "config/check"];
  const answer = await ask(args, method, path, { body: bodyFrom(file), expected: [409, 422] });
  const {
    problems = [],
    in_variable: shadowed = [],
    revision = null,
    title,
  } = answer.json as {
    problems?: readonly Problem[];
    in_variable?: readonly string[];
    revision?: number | null;
    title?: string;
  };
  const well = answer.status === 200;
  const shown = file === undefined || file === "-" ? "standard input" : file;
  const pushed = well && store;
  if (inJson(args)) {
    const conflict = answer.status === 409;
    printJson({ file: shown, pushed, revision, problems, in_variable: shadowed, ...(conflict && { conflict: title }) });
    return well ? 0 : 1;
  }
  for (const { place, reason } of problems) {
    print(`${paint("red", plain(shown))}: ${plain(place) || "(whole)"}: ${plain(reason)}`);
  }
  if (answer.status === 409) print(`${paint("red", plain(shown))}: /revision: ${plain(title ?? "")}`);
  if (well) print(paint("green", pushed ? `revision ${revision} is stored` : "nothing is wrong with it"));
  if (pushed) print("The gateway takes it up within about two minutes.");
  for (const name of shadowed) print(`note: ${plain(name)} is in the variable SOURCES, too, and that one counts`);
  return well ? 0 : 1;
}

/** The document as it was pushed, byte for byte. */
async function pull(args: Arguments): Promise<number> {
  process.stdout.write((await ask(args, "GET", "config")).text);
  return 0;
}

/** What is in the document, and what is wrong with it now: a secret may have gone. */
async function show(args: Arguments): Promise<number> {
  const { text, json } = await ask(args, "GET", "config");
  const checked = await ask(args, "POST", "config/check", { body: text, expected: [422] });
  const { problems = [] } = checked.json as { problems?: readonly Problem[] };
  const { revision, sources } = json as { revision: number; sources?: Sources };
  const rows = Object.entries(sources ?? {}).map(([name, source]) => {
    const of = (key: string, otherwise: string) => plain(String(source[key] ?? otherwise));
    const provider = source["definition"] === undefined ? of("provider", "-") : "(its own)";
    return [plain(name), provider, of("scheme", "-"), of("store", "kv"), of("delivery", "direct"), of("origin", "-")];
  });
  if (inJson(args)) printJson({ revision, sources: Object.keys(sources ?? {}), problems });
  else {
    print(
      `revision ${revision}\n\n${columns([["SOURCE", "PROVIDER", "SCHEME", "STORE", "DELIVERY", "ORIGIN"], ...rows])}`,
    );
    for (const { place, reason } of problems) print(`${paint("red", plain(place) || "(whole)")}: ${plain(reason)}`);
  }
  return problems.length === 0 ? 0 : 1;
}
