/** Gets secrets from standard input, files, the environment or the terminal. */

import { existsSync } from "node:fs";
import type { Call } from "./call.js";
import { Failure, usage } from "./failure.js";
import { cleanups } from "./files.js";

/** What to ask a person at a terminal for. */
export interface Prompt {
  text: string;
  /** Whether it is typed twice. */
  twice?: boolean;
}

/**
 * The secret that `--NAME-stdin`, `--NAME-file`, `--NAME-env` or `--NAME` gives, or a person at a terminal; `undefined` if
 * nobody does.
 */
export async function readSecret(call: Call, name: string, prompt?: Prompt): Promise<Uint8Array | undefined> {
  const given = ["", "-file", "-env", "-stdin"].map((end) => name + end).filter((option) => call.has(option));
  const [option, another] = given;
  if (another !== undefined) throw usage(`--${option} and --${another} exclude each other`);
  if (option === undefined) return prompt === undefined ? undefined : ask(call, prompt);
  if (option.endsWith("-stdin")) return withoutLineBreak(call.readStdin(`the ${name}`));
  if (option.endsWith("-file")) return ofFile(call, option, name);
  if (option.endsWith("-env")) return new TextEncoder().encode(call.variable(option));
  call.warn(
    `--${name} in an argument is visible to other users and stays in the shell's history: use --${name}-stdin, --${name}-file or --${name}-env`,
  );
  return new TextEncoder().encode(call.text(option));
}

/** Like `readSecret`, as text. */
export async function readSecretText(call: Call, name: string, prompt?: Prompt): Promise<string | undefined> {
  const bytes = await readSecret(call, name, prompt);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure("INPUT_INVALID", `the ${name} is not UTF-8`);
  } finally {
    bytes.fill(0);
  }
}

function ofFile(call: Call, option: string, name: string): Uint8Array {
  const path = call.text(option) ?? "";
  // The name may be the secret itself, given by mistake.
  if (path !== "-" && !existsSync(path)) {
    throw new Failure(
      "FILE_UNREADABLE",
      `there is no such file: --${option} takes its name; the ${name.replace(/^out-/, "")} itself goes to --${name}-stdin or --${name}-env`,
    );
  }
  return withoutLineBreak(call.readFile(path, `the ${name}`));
}

/** Editors and `echo` end a text with a line break. Random bytes may end with the same byte, and keep it. */
export function withoutLineBreak(bytes: Uint8Array): Uint8Array {
  const end = bytes.at(-1) === 10 ? (bytes.at(-2) === 13 ? 2 : 1) : 0;
  if (end === 0) return bytes;
  const text = bytes.subarray(0, bytes.length - end);
  try {
    const decoded = new TextDecoder("utf-8", { fatal: true }).decode(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell bytes from text
    return /[\0-\x08\x0e-\x1f]/.test(decoded) ? bytes : text;
  } catch {
    return bytes;
  }
}

async function ask(call: Call, { text, twice = false }: Prompt): Promise<Uint8Array | undefined> {
  if (!call.isInteractive) return undefined;
  const prompts = twice ? [`${text}: `, `${text}, again: `] : [`${text}: `];
  const [first = "", again = first] = await typed(call, prompts);
  if (again !== first) throw new Failure("INPUT_INVALID", "the two are not the same");
  return new TextEncoder().encode(first);
}

/** A line from the terminal for each prompt. The terminal shows none of them, however fast they are typed or pasted. */
async function typed(call: Call, prompts: readonly string[]): Promise<string[]> {
  const { stdin, stderr } = process;
  call.stdinTaken("the terminal", true);
  const restore = () => stdin.setRawMode(false);
  cleanups.add(restore);
  // Before the first prompt, which some take as the sign to type.
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.resume();
  const lines: string[] = [];
  let rest = "";
  try {
    for (const prompt of prompts) {
      stderr.write(prompt);
      const read = await lineOf(stdin, rest);
      lines.push(read.line);
      rest = read.rest;
      stderr.write("\n");
    }
    return lines;
  } finally {
    restore();
    cleanups.delete(restore);
    stdin.pause();
  }
}

/** A line, and what was typed after it. `typed` is what was typed before it was asked for. */
function lineOf(stdin: NodeJS.ReadStream, typed: string): Promise<{ line: string; rest: string }> {
  return new Promise((resolve, reject) => {
    let line = "";
    const end = (finish: () => void) => {
      stdin.removeListener("data", read);
      stdin.removeListener("end", ended);
      finish();
    };
    const ended = () => end(() => reject(new Failure("INPUT_INVALID", "standard input has ended")));
    const read = (text: string) => {
      const characters = Array.from(text);
      for (const [index, character] of characters.entries()) {
        const rest = characters.slice(index + 1).join("");
        if (character === "\r" || character === "\n") return end(() => resolve({ line, rest }));
        if (character === "\u0003") return end(() => process.emit("SIGINT", "SIGINT"));
        if (character === "\u0004" && line === "") return ended();
        if (character === "\u007f" || character === "\b") line = Array.from(line).slice(0, -1).join("");
        else if (character === "\u0015") line = "";
        else if (character >= " ") line += character;
      }
      return undefined;
    };
    stdin.on("data", read);
    stdin.on("end", ended);
    read(typed);
  });
}
