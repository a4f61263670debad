/** Reads the arguments of a call. No message repeats a value, because it may be a secret. */

import { parseArgs } from "node:util";
import type { Values } from "./call.js";
import { usage } from "./failure.js";
import { tooMany } from "./misplaced.js";
import { COMMANDS, type Command, type Option, SHARED_OPTIONS } from "./table.js";

/** How a PEM begins, which is no option. */
const PEM = /^-----BEGIN /;

/** The operands and options of a call of one command. */
export function readArguments(command: Command, args: readonly string[]): { operands: string[]; values: Values } {
  const options = [...command.options, ...SHARED_OPTIONS];
  const { tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: {
      ...Object.fromEntries(
        options.map(({ name, value }) => [name, { type: value === undefined ? "boolean" : "string" }]),
      ),
      help: { type: "boolean", short: "h" },
    },
  });
  const operands: string[] = [];
  const values = new Map<string, (string | true)[]>();
  for (const token of tokens) {
    const argument = args[token.index] ?? "";
    if (token.kind === "positional") operands.push(token.value);
    else if (PEM.test(argument)) operands.push(argument);
    else if (token.kind === "option") {
      const instead = command.instead?.get(token.name);
      if (instead !== undefined) throw usage(`unknown option ${token.rawName}: ${instead}`);
      read(options, token, values);
    }
  }
  // The help is for those whose call is wrong.
  if (!values.has("help") && command.atMost < operands.length) {
    throw tooMany(command, operands);
  }
  return { operands, values };
}

interface OptionToken {
  name: string;
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}

function read(options: readonly Option[], token: OptionToken, values: Map<string, (string | true)[]>): void {
  const option = options.find(({ name }) => name === token.name);
  if (option === undefined) throw unknown(token.rawName, options);
  const name = `--${option.name}`;
  if (option.value === undefined) {
    if (token.value !== undefined) throw usage(`${name} takes no value`);
  } else {
    if (token.value === undefined) throw usage(`${name} needs a value: ${option.value}`);
    // Most likely the value was forgotten.
    if (token.inlineValue !== true && /^-./.test(token.value) && !PEM.test(token.value)) {
      throw usage(`${name} needs a value: write one that begins with - as ${name}=VALUE`);
    }
    if (option.choices !== undefined && !option.choices.includes(token.value)) {
      const advice = option.advice === undefined ? "" : `: ${option.advice}`;
      throw usage(`${name} is none of ${option.choices.join(", ")}${advice}`);
    }
  }
  const given = values.get(option.name) ?? [];
  if (given.length > 0 && option.isMultiple !== true && option.value !== undefined) {
    throw usage(`${name} is given twice`);
  }
  values.set(option.name, [...given, token.value ?? true]);
}

function unknown(rawName: string, options: readonly Option[]): Error {
  const near = nearest(
    rawName.replace(/^-+/, ""),
    options.map(({ name }) => name),
  );
  // Anything else may be a secret.
  const isOfOther = COMMANDS.some((command) => command.options.some(({ name }) => `--${name}` === rawName));
  const named = near !== undefined || isOfOther ? `unknown option ${rawName}` : "unknown option";
  return usage(`${named}${near === undefined ? "" : `: did you mean --${near}?`}`);
}

/** The command that a misspelled name is nearest to. */
export function nearestCommand(name: string): string | undefined {
  return nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
}

/** The name that a misspelled one is nearest to, if it is near. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const ranked = names.map((each) => ({ each, far: distance(name, each) })).sort((one, other) => one.far - other.far);
  const [best] = ranked;
  return best !== undefined && best.far <= Math.max(1, Math.floor(best.each.length / 3)) ? best.each : undefined;
}

/** Levenshtein's distance. */
function distance(one: string, other: string): number {
  if (64 < one.length) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (let place = 0; place < other.length; place += 1) {
      const replaced = (row[place] ?? 0) + (other[place] === character ? 0 : 1);
      next.push(Math.min(replaced, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
