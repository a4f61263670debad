/** One call of a command: its arguments, and what it may read. */

import { isatty } from "node:tty";
import { shown } from "../report/text.js";
import { type Paint, paintFor } from "./colors.js";
import { usage } from "./failure.js";
import { readBytes } from "./files.js";
import { forShell } from "./for-shell.js";
import type { Command } from "./table.js";

/** What a command returns. */
export interface Outcome {
  exitCode: 0 | 1 | 2;
  /** What `--json` prints, beside the members that all commands have. */
  json: Record<string, unknown>;
  /** What is printed otherwise, without the last line break. It is safe to show. */
  text?: string;
}

/** The file of a command. */
export interface CommandModule {
  run(call: Call): Promise<Outcome>;
}

/** The arguments of a call, by their names. */
export type Values = ReadonlyMap<string, readonly (string | true)[]>;

/** A call of a command. */
export class Call {
  readonly command: Command;
  readonly positionals: readonly string[];
  readonly env: Record<string, string | undefined> = process.env;
  /** Whether a person can be asked. */
  readonly isInteractive = isatty(0) && isatty(2);
  /** The paint for standard output. */
  readonly paint: Paint = paintFor(process.stdout, process.env);
  readonly #values: Values;
  #stdinTaker: string | undefined;

  constructor(command: Command, positionals: readonly string[], values: Values) {
    this.command = command;
    this.positionals = positionals;
    this.#values = values;
  }

  /** Whether an option was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value of an option. */
  text(name: string): string | undefined {
    const value = this.#values.get(name)?.at(-1);
    return value === true ? undefined : value;
  }

  /** The values of an option that may be given several times. */
  texts(name: string): string[] {
    return (this.#values.get(name) ?? []).filter((value) => value !== true);
  }

  /** The value of an option that is a whole number. */
  count(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text)) throw usage(`--${name} is not a whole number`);
    return Number(text);
  }

  /** A message that is no result. */
  note(message: string): void {
    process.stderr.write(`${forShell(message, this.command)}\n`);
  }

  /** A message about something that is unsafe. */
  warn(message: string): void {
    const paint = paintFor(process.stderr, process.env);
    this.note(`${paint("yellow", "warning:")} ${message}`);
  }

  /** The environment variable that an option names. */
  variable(option: string): string {
    const value = this.env[this.text(option) ?? ""];
    if (value !== undefined) return value;
    throw usage(`the environment has no such variable: --${option} takes its name, not its value`);
  }

  /** The bytes of a file, or of standard input for `-`. */
  readFile(path: string, what: string): Uint8Array {
    return path === "-" ? this.readStdin(what) : readBytes(path);
  }

  /** Standard input, which only one thing can be read from. */
  readStdin(what: string): Uint8Array {
    this.stdinTaken(what);
    const end = process.platform === "win32" ? "Ctrl-Z and Enter" : "Ctrl-D";
    if (isatty(0)) this.note(`reading ${what} from the terminal: end with ${end}`);
    return readBytes("-");
  }

  /** Notes who reads standard input. */
  stdinTaken(what: string, mayRepeat = false): void {
    if (this.#stdinTaker !== undefined && !(mayRepeat && this.#stdinTaker === what)) {
      throw usage(`standard input cannot be ${what}: it is already ${shown(this.#stdinTaker)}`);
    }
    this.#stdinTaker = what;
  }
}
