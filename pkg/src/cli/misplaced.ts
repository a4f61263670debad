/** Texts where something else belongs: a key in place of its file, claims without an option. No message repeats such a text. */

import { existsSync } from "node:fs";
import { recognize } from "../report/recognize.js";
import { objectInJson } from "../report/segment.js";
import type { Values } from "./call.js";
import { Failure, usage } from "./failure.js";
import { looksLikeName } from "./looks-secret.js";
import type { Command, Option } from "./table.js";

/** Refuses a key, a token, a hash, JSON or a URL where a command takes the name of a file. */
export function expectFileNames(command: Command, operands: readonly string[], values: Values): void {
  for (const option of command.options) {
    if (option.isFile !== true) continue;
    for (const value of values.get(option.name) ?? []) {
      if (value !== true) expectFileName(value, `--${option.name}`, command, option);
    }
  }
  if (command.completes !== "files" || command.takesValue === true) return;
  for (const operand of operands) expectFileName(operand, command.name, command);
}

/** `NAME=…`, JSON or a JWK whose quotes are lost, PEM, and base64 or hexadecimal without an extension. */
const NO_NAME = [
  /^\s*(?:(?:export|set)\s+|\$env:)?[A-Za-z_][\w.-]*\s*=/i,
  /^\s*[{["'`]|-----BEGIN |\bkty\b/,
  /\p{Cc}/u,
  /^[\w+/-]{7,}={1,2}$/,
  /^(?=.*\d)[\w+/-]{40,}$/,
];

/** Refuses what is most likely no name, where a file is written: who sees the folder would see it. */
function expectNewName(text: string, where: string): void {
  if (/^(?:~|\.{1,2}|[A-Z]:)?[\\/]/i.test(text) || !NO_NAME.some((form) => form.test(text))) return;
  throw usage(`${where} takes the name of a file, and this looks like none: begin it with ./ if it is meant so`);
}

function expectFileName(text: string, where: string, command: Command, option?: Option): void {
  const isWritten = (option ?? command).isWritten === true;
  if (isWritten && text === "-" && option !== undefined) {
    const instead = option.name === "out" ? "without it, standard output is written to" : option.forText;
    throw usage(`${where} takes the name of a file: ${instead}`);
  }
  if (text === "-" || looksLikeName(text) || existsSync(text)) return;
  const what = nameOfValue(text);
  if (what !== undefined) {
    const instead = insteadOf(what, where, command, option);
    throw usage(`${where} takes the name of a file, and this is ${what}: ${instead}`);
  }
  if (isWritten) expectNewName(text, where);
  const secret = option?.name === "key" ? optionOf(command, "secret-file")?.forText : undefined;
  if (secret !== undefined)
    throw new Failure("FILE_UNREADABLE", `there is no such file: --key takes its name; ${secret}`);
}

function insteadOf(what: string, where: string, command: Command, option?: Option): string {
  const isKey = option?.name === "key";
  if (what === "a URL")
    return isKey && optionOf(command, "jwks") !== undefined ? "--jwks fetches keys" : "download it first";
  if (what === "a token" && isKey) return optionOf(command, "token-file")?.forText ?? "sign makes a token from claims";
  const advice = option === undefined ? command.forText : option.forText;
  if (advice !== undefined) return advice;
  return `write it to a file, or pass it on standard input with ${option === undefined ? "-" : `${where} -`}`;
}

function optionOf(command: Command, name: string): Option | undefined {
  return command.options.find((option) => option.name === name);
}

/** What a text is that cannot be the name of a file. A secret has no form of its own. */
function nameOfValue(text: string): string | undefined {
  if (/^\s*\[/.test(text)) return "JSON";
  const { kind } = recognize(text);
  switch (kind) {
    case "url":
      return "a URL";
    case "token":
      return "a token";
    case "hash":
      return "a stored hash";
    case "key": {
      if (!/^\s*\{/.test(text)) return "a key";
      const value = objectInJson(text);
      return value?.kty !== undefined || Array.isArray(value?.keys) ? "a key" : "JSON";
    }
    case "answer":
    case "discovery":
      return "JSON";
    default:
      return undefined;
  }
}

/** The error for more operands than a command takes: what the first of them that is known belongs to. */
export function tooMany(command: Command, operands: readonly string[]): Error {
  const { name, atMost, surplus = [] } = command;
  const problem = atMost === 0 ? `${name} takes options only` : `too many arguments for ${name}`;
  const row = surplus.find(([form]) => operands.some((operand) => form.test(operand)));
  return usage(row === undefined ? problem : `${problem}: ${row[1]}`);
}

/** The error for a first word that is no command. */
export function noCommand(word: string, near: string | undefined): Error {
  if (near !== undefined) return usage(`there is no command ${word}: did you mean ${near}?`);
  const kind = existsSync(word) ? "file" : recognize(word).kind;
  if (kind === "token") return usage("the command comes first: countersign inspect shows a token");
  if (kind !== "unknown" && kind !== "url")
    return usage("the command comes first: countersign doctor says what this is");
  const named = /^[a-z][a-z-]{0,15}$/i.test(word) ? `there is no command ${word}` : "there is no such command";
  return usage(`${named}: countersign help lists all`);
}
