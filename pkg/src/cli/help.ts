import { COMMANDS, type Command } from "./commands.js";
import type { Option } from "./options.js";
import { columns } from "./output.js";

export function overview(): string {
  const rows = COMMANDS.map(({ name, help }) => [`  ${name}`, help]);
  return `Verifies, explains, signs and sends webhook deliveries.

Usage: hookwarden COMMAND [ARGUMENTS]

${columns(rows)}

\`hookwarden help COMMAND\` lists its options. \`hookwarden --version\` prints the version.`;
}

export function about({ name, help, positionals, options, exit }: Command): string {
  const rows = Object.entries(options).map(([option, { value, help }]: [string, Option]) => {
    return [`  --${option}${value === undefined ? "" : ` ${value}`}`, help];
  });
  const usage = ["Usage: hookwarden", name, ...positionals, ...(rows.length > 0 ? ["[OPTIONS]"] : [])].join(" ");
  return [help, "", usage, ...(rows.length > 0 ? ["", columns(rows)] : []), "", `Exit status: ${exit}.`].join("\n");
}
