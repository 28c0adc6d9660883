// Completion for shells, from the same table as help.

import { providers } from "hookwarden";
import { COMMANDS, type Command } from "./commands.js";
import type { Option } from "./options.js";

interface Words {
  readonly command: Command;
  readonly options: readonly (readonly [string, Option])[];
  /** What the first argument can be. */
  readonly first: readonly string[];
}

function words(): Words[] {
  const names = providers().map(({ name }) => name as string);
  return COMMANDS.map((command: Command) => {
    const [positional] = command.positionals;
    const first =
      positional === "PROVIDER"
        ? names
        : positional === "[COMMAND]"
          ? COMMANDS.map(({ name }) => name)
          : positional?.includes("|") && !positional.startsWith("[")
            ? positional.split("|")
            : [];
    return { command, options: Object.entries(command.options), first };
  });
}

const joined = (list: readonly string[]) => list.join(" ");
const dashed = (options: Words["options"]) => options.map(([name]) => `--${name}`);
const quoted = (text: string) => `'${text.replace(/'/g, "'\\''")}'`;

/** Bash; zsh reads it too, with bashcompinit. */
function bash(): string {
  const cases = words().map(({ command, options, first }) => {
    return `    ${command.name}) options=${quoted(joined(dashed(options)))}; first=${quoted(joined(first))} ;;`;
  });
  const values = new Map(
    words().flatMap(({ options }) => options.flatMap(([name, { words }]) => (words ? [[name, words]] : []))),
  );
  const valued = [...values].map(
    ([name, words]) => `    --${name}) COMPREPLY=($(compgen -W ${quoted(joined(words))} -- "$word")); return ;;\n`,
  );
  return `_hookwarden() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} options= first=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(joined(COMMANDS.map(({ name }) => name)))} -- "$word"))
    return
  fi
  case $before in
${valued.join("")}    *) ;;
  esac
  case \${COMP_WORDS[1]} in
${cases.join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 2 ] && [ -n "$first" ] && [ "\${word#-}" = "$word" ]; then
    COMPREPLY=($(compgen -W "$first" -- "$word"))
  elif [ "\${word#-}" != "$word" ]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -F _hookwarden hookwarden`;
}

function zsh(): string {
  return `#compdef hookwarden
autoload -Uz bashcompinit && bashcompinit
${bash()}`;
}

function fish(): string {
  const lines = COMMANDS.map(
    ({ name, help }) => `complete -c hookwarden -n __fish_use_subcommand -f -a ${name} -d ${quoted(help)}`,
  );
  for (const { command, options, first } of words()) {
    const when = `-n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
    if (first.length > 0) lines.push(`complete -c hookwarden ${when} -a ${quoted(joined(first))}`);
    for (const [name, { type, help, words, file }] of options) {
      const value = type === "boolean" ? "" : file ? " -r" : ` -x${words ? ` -a ${quoted(joined(words))}` : ""}`;
      lines.push(`complete -c hookwarden ${when} -l ${name}${value} -d ${quoted(help)}`);
    }
  }
  return lines.join("\n");
}

export const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish };
