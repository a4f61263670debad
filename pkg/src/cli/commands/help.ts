/** `help`: all commands, or one with its options and examples. */

import { nearestCommand } from "../arguments.js";
import type { Call, Outcome } from "../call.js";
import { DONE } from "../failure.js";
import { noCommand } from "../misplaced.js";
import { COMMANDS, type Command, commandNamed, type Option, SHARED_OPTIONS } from "../table.js";
import { version } from "../version.js";

/** The columns of the help. */
const WIDTH = 100;

export async function run(call: Call): Promise<Outcome> {
  const [name] = call.positionals;
  if (name === "version") return { exitCode: DONE, json: { version: await version() }, text: await version() };
  if (name === undefined) return { exitCode: DONE, json: { commands: COMMANDS.map(described) }, text: overview(call) };
  const command = commandNamed(name);
  if (command === undefined) throw noCommand(name, nearestCommand(name));
  return { exitCode: DONE, json: described(command), text: details(call, command) };
}

function described({ name, summary, about, options, examples }: Command) {
  return {
    name,
    summary,
    about,
    options: [...options, ...SHARED_OPTIONS].map(({ name: option, value, about: what }) => ({
      name: option,
      ...(value !== undefined && { value }),
      about: what,
    })),
    examples: examples.map(([line, does]) => ({ call: `countersign ${line}`, does })),
  };
}

function overview({ paint }: Call): string {
  return [
    paint("bold", "countersign COMMAND [OPTIONS]"),
    "",
    "Keys, tokens and passwords on the command line.",
    "",
    ...COMMANDS.map(({ name, summary }) => `  ${paint("cyan", name.padEnd(12))} ${summary}`),
    "",
    "countersign help COMMAND shows the options and examples of a command.",
    "",
    paint("bold", "Exit codes"),
    "  0  done, or accepted",
    "  1  refused: a token, a password, a key or a row",
    "  2  nothing was checked: a wrong call, a file or server that cannot be read, and always with inspect",
  ].join("\n");
}

function details({ paint }: Call, command: Command): string {
  const { name, operands, summary, about, options, examples } = command;
  return [
    `${paint("bold", `countersign ${name}${operands === "" ? "" : ` ${operands}`} [OPTIONS]`)}`,
    "",
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    ...about.flatMap((paragraph) => ["", wrapped(paragraph, 0)]),
    "",
    paint("bold", "Options"),
    ...[...options, ...SHARED_OPTIONS].map((option) => optionLine(option, paint)),
    ...(examples.length === 0 ? [] : ["", paint("bold", "Examples")]),
    ...examples.map(([line, does]) => `  countersign ${line}\n      ${paint("dim", does)}`),
  ].join("\n");
}

function optionLine({ name, value, about, isMultiple }: Option, paint: Call["paint"]): string {
  const left = `--${name}${value === undefined ? "" : ` ${value}`}`;
  const what = `${about}${isMultiple ? "; may be repeated" : ""}`;
  return `  ${paint("cyan", left)}${left.length < 28 ? " ".repeat(28 - left.length) : `\n${" ".repeat(30)}`}${wrapped(what, 30)}`;
}

/** A text in lines of at most 100 columns; all but the first are indented. */
function wrapped(text: string, indent: number): string {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (indent + line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}
