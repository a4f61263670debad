/** `completions`: scripts for bash, zsh and fish, from the table of commands. */

import type { Call, Outcome } from "../call.js";
import { DONE, usage } from "../failure.js";
import { COMMANDS, type Command, type Option, SHARED_OPTIONS } from "../table.js";

const SHELLS: Record<string, () => string> = { bash, zsh, fish };

export async function run(call: Call): Promise<Outcome> {
  const script = SHELLS[call.positionals[0] ?? ""];
  if (script === undefined) throw usage("name a shell: bash, zsh or fish");
  return { exitCode: DONE, json: { shell: call.positionals[0], script: script() }, text: script() };
}

const optionsOf = ({ options }: Command): Option[] => [...options, ...SHARED_OPTIONS];

/** What follows a command, if shells know it. */
function operandsOf({ name, completes }: Command): string[] {
  if (name === "help") return COMMANDS.map((command) => command.name);
  return completes === undefined || completes === "files" ? [] : [...completes];
}

function bash(): string {
  const values = COMMANDS.flatMap((command) =>
    optionsOf(command).flatMap(({ name, value, isFile, choices }) => {
      if (value === undefined) return [];
      // The words of other values are nobody's to know.
      const words = isFile === true ? "-f" : `-W "${(choices ?? []).join(" ")}"`;
      return [`    "${command.name} --${name}") COMPREPLY=($(compgen ${words} -- "$word")); return ;;`];
    }),
  );
  const commands = COMMANDS.map((command) => {
    const options = optionsOf(command).map(({ name }) => `--${name}`);
    return `    ${command.name}) words="${[...operandsOf(command), ...options].join(" ")}" ;;`;
  });
  return `# bash completion for countersign
_countersign() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} words
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${COMMANDS.map(({ name }) => name).join(" ")}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]} $previous" in
${values.join("\n")}
  esac
  case \${COMP_WORDS[1]} in
${commands.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  case $word in -*) ;; *) COMPREPLY+=($(compgen -f -- "$word")) ;; esac
}
complete -o filenames -F _countersign countersign`;
}

/** A text in single quotes, as all three shells read it. */
const quoted = (text: string) => `'${text.replaceAll("'", "")}'`;

function zsh(): string {
  const plain = (text: string) => text.replaceAll(/[[\]:'\\`$]/g, " ");
  const specification = ({ name, value, about, choices, isFile, isMultiple }: Option) => {
    const action = isFile === true ? "_files" : choices === undefined ? " " : `(${choices.join(" ")})`;
    const repeat = isMultiple === true ? "*" : "";
    return `'${repeat}--${name}[${plain(about)}]${value === undefined ? "" : `:${plain(value)}:${action}`}'`;
  };
  const commands = COMMANDS.map((command) => {
    const words = operandsOf(command);
    const operands = words.length > 0 ? `'*:value:(${words.join(" ")})'` : `'*:file:_files'`;
    return `    ${command.name}) _arguments ${[...optionsOf(command).map(specification), operands].join(" \\\n      ")} ;;`;
  });
  return `#compdef countersign
_countersign() {
  local -a commands
  commands=(
${COMMANDS.map(({ name, summary }) => `    '${name}:${plain(summary)}'`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.join("\n")}
  esac
}
if [ "$funcstack[1]" = _countersign ]; then _countersign "$@"; else compdef _countersign countersign; fi`;
}

function fish(): string {
  const lines = COMMANDS.flatMap((command) => {
    const isCommand = `-n '__fish_seen_subcommand_from ${command.name}'`;
    const options = optionsOf(command).map(({ name, value, about, choices, isFile }) => {
      const values = choices === undefined ? "" : ` -a ${quoted(choices.join(" "))}`;
      const kind = value === undefined ? "" : isFile === true ? " -r -F" : ` -x${values}`;
      return `complete -c countersign ${isCommand} -l ${name}${kind} -d ${quoted(about)}`;
    });
    const words = operandsOf(command);
    const operands =
      words.length === 0 ? [] : [`complete -c countersign ${isCommand} -f -a ${quoted(words.join(" "))}`];
    return [
      `complete -c countersign -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
      ...options,
      ...operands,
    ];
  });
  return ["# fish completion for countersign", ...lines].join("\n");
}
