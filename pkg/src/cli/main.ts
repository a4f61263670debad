#!/usr/bin/env node

/** `countersign`: the command line. It reads the arguments, calls a command, and prints what that returns. */

import { constants } from "node:os";
import { json, shown } from "../report/text.js";
import { nearestCommand, readArguments } from "./arguments.js";
import { Call, type CommandModule, type Outcome } from "./call.js";
import { paintFor } from "./colors.js";
import { LOADERS } from "./commands.js";
import { NOT_CHECKED, reportOf, usage } from "./failure.js";
import { cleanups, removeUnfinished } from "./files.js";
import { forShell } from "./for-shell.js";
import { expectFileNames, noCommand } from "./misplaced.js";
import { type Command, commandNamed } from "./table.js";

/** The signals that stop a program. */
const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** The commands that read no keys, and need no ML-DSA. */
const WITHOUT_KEYS = ["check", "completions", "hash", "help", "import"];

function start(): void {
  // Until a command has ended, nothing is decided.
  process.exitCode = NOT_CHECKED;
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      removeUnfinished();
      // Windows has no signals: it would end the program with 1, which says that something was refused.
      if (process.platform === "win32") process.exit(128 + constants.signals[signal]);
      // By the signal itself: Node would wait for a prime of an RSA key before it exits.
      process.kill(process.pid, signal);
    });
  }
  // The reader of a pipe has gone, as `head` does. The exit code stays what it is.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", ({ code }: NodeJS.ErrnoException) => {
      removeUnfinished();
      process.exit(code === "EPIPE" ? process.exitCode : NOT_CHECKED);
    });
  }
  void main(process.argv.slice(2));
}

async function main(args: readonly string[]): Promise<void> {
  let command: Command | undefined;
  try {
    const [name, rest] = commandOf(args);
    command = commandNamed(name);
    if (command === undefined) throw noCommand(name, nearestCommand(name));
    print(command.name, args, await run(command, rest));
  } catch (thrown) {
    // They are for a program that is stopped.
    cleanups.clear();
    removeUnfinished();
    fail(command, args, thrown);
  }
}

/** The name of the command and its arguments. */
function commandOf(args: readonly string[]): [name: string, rest: readonly string[]] {
  const [first, ...rest] = args;
  if (first === undefined || first === "--help" || first === "-h") return ["help", rest];
  if (first === "--version" || first === "-v") return ["help", ["version"]];
  if (first.startsWith("-")) throw usage("the command comes first: countersign COMMAND [OPTIONS]");
  return [first, rest];
}

async function run(command: Command, args: readonly string[]): Promise<Outcome> {
  const { operands, values } = readArguments(command, args);
  const help = values.has("help") ? commandNamed("help") : undefined;
  const called = help ?? command;
  if (help === undefined) expectFileNames(command, operands, values);
  const call = new Call(called, help === undefined ? operands : [command.name], values);
  const load = LOADERS[called.name] as () => Promise<CommandModule>;
  if (!WITHOUT_KEYS.includes(called.name)) (await import("../inline/post-quantum.js")).enablePostQuantum();
  return (await load()).run(call);
}

function print(name: string, args: readonly string[], { exitCode, json: members, text }: Outcome): void {
  process.exitCode = exitCode;
  const isJson = args.includes("--json");
  const line = isJson ? json({ command: name, ok: exitCode === 0, exitCode, ...members }) : text;
  if (line !== undefined && line !== "") process.stdout.write(`${line}\n`);
}

function fail(command: Command | undefined, args: readonly string[], thrown: unknown): void {
  const { exitCode, error } = reportOf(thrown);
  const name = command?.name;
  error.message = forShell(error.message, command);
  process.exitCode = exitCode;
  if (args.includes("--json")) {
    process.stdout.write(`${json({ command: name ?? null, ok: false, exitCode, error })}\n`);
    return;
  }
  const paint = paintFor(process.stderr, process.env);
  const label = paint("red", `countersign${name === undefined ? "" : ` ${name}`}:`);
  const code = error.code === "USAGE" ? "" : `${error.code}: `;
  const hint = error.code === "USAGE" && name !== undefined ? `\nsee countersign help ${name}` : "";
  process.stderr.write(`${label} ${code}${shown(error.message)}${hint}\n`);
}

start();
