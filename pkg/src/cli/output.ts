import type { Arguments } from "./arguments.js";

/** The codes that switch a colour on and off. */
const COLOURS = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39] } as const;

/** Colours a text for a terminal whose user wants that. */
export function paint(colour: keyof typeof COLOURS, text: string): string {
  const wanted = process.stdout.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  const [on, off] = COLOURS[colour];
  return wanted ? `\x1b[${on}m${text}\x1b[${off}m` : text;
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
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] as number))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
