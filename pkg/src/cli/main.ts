import { readFileSync } from "node:fs";
import { HookwardenError } from "hookwarden/errors";
import { read, type Arguments } from "./arguments.js";
import { COMMANDS, type Command, type CommandName } from "./commands.js";
import { SHELLS } from "./completion.js";
import { config } from "./config.js";
import { providers, send, sign } from "./deliver.js";
import { doctor } from "./doctor.js";
import { deadLetters, deliveries, replay } from "./gateway.js";
import { about, overview } from "./help.js";
import { explain, validate, verify } from "./judge.js";
import { usage } from "./misuse.js";
import { print } from "./output.js";

const MISUSE = 2;

const RUN: Readonly<Record<CommandName, (args: Arguments) => number | Promise<number>>> = {
  verify,
  explain,
  sign,
  send,
  validate,
  providers,
  deliveries,
  "dead-letters": deadLetters,
  replay,
  config,
  doctor,
  completion,
  help,
};

/** Runs the program and gives its exit status. */
export async function main(args: readonly string[]): Promise<number> {
  // Who reads the output may stop reading.
  process.stdout.on("error", () => process.exit(MISUSE));
  try {
    return await run(args);
  } catch (error) {
    complain(error, args.includes("--json"));
    return MISUSE;
  }
}

async function run([name = "--help", ...rest]: readonly string[]): Promise<number> {
  if (name === "--help" || name === "-h") {
    print(overview());
    return 0;
  }
  if (name === "--version" || name === "-V") {
    print(version());
    return 0;
  }
  const command = commandOf(name);
  const args = read(command, rest);
  if (!args.help) return RUN[command.name as CommandName](args);
  print(about(command));
  return 0;
}

function commandOf(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name);
  if (command !== undefined) return command;
  throw usage(`there is no such command, only: ${COMMANDS.map(({ name }) => name).join(", ")}`);
}

function help({ positionals: [name] }: Arguments): number {
  print(name === undefined ? overview() : about(commandOf(name)));
  return 0;
}

function completion({ positionals: [shell = ""] }: Arguments): number {
  if (!Object.hasOwn(SHELLS, shell)) throw usage(`there is completion for ${Object.keys(SHELLS).join(", ")}`);
  print((SHELLS[shell] as () => string)());
  return 0;
}

function version(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}

/** To standard error: for people, or as JSON where that was asked for. */
function complain(error: unknown, json: boolean): void {
  // What else may be thrown is a mistake of ours, and its message could hold anything.
  const { code, message } =
    error instanceof HookwardenError
      ? error
      : {
          code: "internal",
          message: `something went wrong within (${error instanceof Error ? error.name : typeof error})`,
        };
  process.stderr.write(
    json ? `${JSON.stringify({ error: { code, message } })}\n` : `hookwarden: ${message} (${code})\n`,
  );
}
