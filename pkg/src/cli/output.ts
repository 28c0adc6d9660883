import { styleText } from "node:util";
import type { Arguments } from "./arguments.js";

type Colour = "bold" | "dim" | "green" | "red" | "yellow";

/** Colours a text for a terminal whose user wants that. */
export function paint(colour: Colour, text: string): string {
  const wanted = process.stdout.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  return wanted ? styleText(colour, text) : text;
}

/** Whether to answer in JSON: as asked, and else by what the command does on its own. */
export function inJson(args: Arguments, otherwise: boolean | undefined = undefined): boolean {
  return args.flag("json") ?? otherwise ?? !process.stdout.isTTY;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** Text of others, such as an event type, cannot move the cursor. */
export function plain(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Rows in columns as wide as they need to be. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] as number)).join("  ").trimEnd()).join("\n");
}
