/** `doctor`: says what something is, and what is weak about it. */

import { existsSync, statSync } from "node:fs";
import { tokensInWords } from "../../report/bare-token.js";
import { isCountersignError } from "../../report/failure.js";
import { type HashReport, reportOnHash } from "../../report/hash.js";
import { findingOf, type KeyReport, reportOnKeys } from "../../report/key.js";
import { keysOf, textOf } from "../../report/read-keys.js";
import { adviceFor, isKey, looksLikeHash, nameOf, type Recognized, recognize } from "../../report/recognize.js";
import { isStoredHash } from "../../report/stored-hash.js";
import { json, shown } from "../../report/text.js";
import { type Finding, NOTHING_VERIFIED, reportOnToken } from "../../report/token.js";
import type { Call, Outcome } from "../call.js";
import type { Paint } from "../colors.js";
import { DONE, Failure, NOT_CHECKED, REFUSED } from "../failure.js";
import { findingsInWords, forCommand, tokenInWords } from "../findings.js";
import { readNow } from "../inputs.js";
import { Passphrase } from "../keys.js";
import { inCommands } from "../stored-hash.js";

const URL_ADVICE = "this is a URL: countersign verify --jwks fetches keys";

const IF_SECRET = "if it is an HMAC secret, give it to sign or verify with --secret-file";

export async function run(call: Call): Promise<Outcome> {
  const path = call.positionals[0] ?? "-";
  const bytes = read(call, path);
  const text = textOf(bytes)
    ?.replace(/^\ufeff/, "")
    .trim();
  if (text === "") throw new Failure("INPUT_INVALID", "there is nothing to look at: the input is empty");
  const now = readNow(call).getTime() / 1000;
  if (text === undefined) return ofKey(call, bytes, path, now);
  const found = recognize(text);
  if (found.tokens !== undefined || found.hashes !== undefined) throw several(found);
  if (found.kind === "url") throw new Failure("INPUT_INVALID", URL_ADVICE);
  const advice = found.kind === "secret" ? "give its value alone to --secret-file or --secret-env" : adviceFor(found);
  if (advice !== undefined) throw new Failure("INPUT_INVALID", `this is ${nameOf(found)}: ${advice}`);
  if (found.kind === "token") return ofToken(call, text, now);
  if (found.kind === "hash" || found.kind === "unknown") return ofHash(call, found, text);
  return ofKey(call, bytes, path, now);
}

/** Which of several is meant, nobody can say. */
function several(found: Recognized): Failure {
  const named = found.tokens === undefined ? "" : ` (${tokensInWords(found.tokens)})`;
  return new Failure("INPUT_INVALID", `this is ${nameOf(found)}${named}: give one of them alone`);
}

/** A file, or a value in its place. */
function read(call: Call, path: string): Uint8Array {
  if (path === "-" || existsSync(path)) return call.readFile(path, "what to look at");
  const { kind } = recognize(path);
  if (kind === "url") throw new Failure("INPUT_INVALID", URL_ADVICE);
  if (!isValue(path, kind)) return call.readFile(path, "what to look at");
  call.warn(
    "a value in an argument is visible to other users and stays in the shell's history: use a file or standard input",
  );
  return new TextEncoder().encode(path);
}

/** Whether an argument is a value. A file may be missing, so text that could well be the name of one is no value. */
function isValue(argument: string, kind: Recognized["kind"]): boolean {
  const isHash = /^([$*{!:#]|\d\||[\w-]+[:$].*\$|[0-9a-f]{32,}$)/i.test(argument);
  const isOneWord = !/\s/.test(argument);
  const isName = isOneWord && /^(ssh-|ecdsa-sha2-|PuTTY-)/.test(argument);
  return isHash || isStoredHash(argument) || kind === "token" || kind === "array" || (isKey(argument) && !isName);
}

function ofToken(call: Call, token: string, now: number): Outcome {
  const report = forCommand(reportOnToken(token, now), call.command);
  const found = outcome(report.findings, { is: "token", verified: false, ...report }, [
    call.paint("bold", report.kind === "JWE" ? "an encrypted token (JWE)" : "a token (JWS), not verified"),
    tokenInWords(report, call.paint),
    call.paint("dim", NOTHING_VERIFIED),
  ]);
  // Also if nothing is wrong that can be seen: a script must not take it for valid.
  return { ...found, exitCode: NOT_CHECKED };
}

async function ofKey(call: Call, bytes: Uint8Array, path: string, now: number): Promise<Outcome> {
  const isFile = path !== "-" && existsSync(path);
  const findings = modeOf(path);
  const passphrase = new Passphrase(call);
  const reading = {
    alg: call.text("alg"),
    name: isFile ? path : "the key",
    passphrase: () => passphrase.of(isFile ? path : "the key"),
  };
  let file: Awaited<ReturnType<typeof keysOf>>;
  try {
    file = await keysOf(bytes, reading);
  } catch (thrown) {
    if (!isCountersignError(thrown)) throw thrown;
    const { findings: found } = forCommand({ findings: [findingOf(thrown)] }, call.command);
    return outcome(found, { is: "key", keys: [], findings: found }, [
      call.paint("bold", "a key that is refused"),
      ...findingsInWords(found, call.paint),
    ]);
  }
  const report = forCommand(reportOnKeys(file, now), call.command);
  const keys = report.keys.map((key) => forCommand(key, call.command));
  const others = report.findings;
  if (file.keys.some(({ key }) => key.type !== "public")) others.push(...findings);
  const isSet = file.form === "JWK Set";
  const all = [...others, ...keys.flatMap((key) => key.findings)];
  const title = isSet
    ? `a JWK Set with ${keys.length} usable key${keys.length === 1 ? "" : "s"}`
    : `a key as ${file.form}`;
  return outcome(
    all,
    { is: isSet ? "key-set" : "key", form: file.form, encrypted: file.isEncrypted, keys, findings: others },
    [
      call.paint("bold", title),
      ...keys.flatMap((key) => keyInWords(key, call.paint)),
      ...findingsInWords(others, call.paint),
    ],
  );
}

/** A private key that other users can read. */
function modeOf(path: string): Finding[] {
  if (path === "-" || process.platform === "win32" || !existsSync(path)) return [];
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & 0o077) === 0) return [];
  return [{ level: "warning", message: `other users can open the file: run chmod 600 ${shown(path)}` }];
}

function keyInWords(key: KeyReport, paint: Paint): string[] {
  const { kind, type, alg, fits, kid, thumbprint, status } = key;
  return [
    `${paint("cyan", kind)}, ${type}${status === undefined ? "" : `, ${shown(status)}`}`,
    `  alg         ${alg ?? `not stated; fits ${fits.join(", ")}`}`,
    ...(kid === null ? [] : [`  kid         ${shown(kid)}`]),
    // That of a secret is a digest of the secret.
    ...(type === "secret" ? [] : [`  thumbprint  ${thumbprint}`]),
    ...findingsInWords(key.findings, paint).map((line) => `  ${line}`),
  ];
}

async function ofHash(call: Call, found: Recognized, text: string): Promise<Outcome> {
  // What looks like a hash in a row may be a part of another hash.
  const whole = await reportOnHash(text);
  const isPart = found.place !== undefined && whole.description === null;
  const stored = isPart ? found.text : text;
  const report = isPart ? await reportOnHash(stored) : whole;
  const { description } = report;
  const findings = report.findings.map(({ level, message }): Finding => ({ level, message: inCommands(message) }));
  if (isPart) findings.push({ level: "note", message: `this is ${nameOf(found)}: only the hash was looked at` });
  // A text with other advice is known to be a hash.
  if (findings.length === 1 && findings[0]?.message.endsWith(": stored hash is not in a known format"))
    findings.push({ level: "note", message: IF_SECRET });
  if (description === null && !report.withoutPassword && !looksLikeHash(stored)) {
    throw new Failure("INPUT_INVALID", `this is no key, key set, token or stored hash that is known: ${IF_SECRET}`);
  }
  const refused = report.withoutPassword ? "the mark of a user without a password" : "a stored hash that is refused";
  return outcome(findings, { is: "hash", ...report, findings }, [
    call.paint("bold", description === null ? refused : `a stored hash: ${description.scheme}`),
    ...costsInWords(report),
    ...findingsInWords(findings, call.paint),
  ]);
}

function costsInWords({ description, readBy }: HashReport): string[] {
  if (description === null) return [];
  const { scheme: _, ...others } = description;
  return [
    ...Object.entries(others).map(([name, value]) => `  ${name.padEnd(11)} ${shown(String(value))}`),
    `  ${"read by".padEnd(11)} ${readBy.join(", ")}`,
  ];
}

function outcome(findings: readonly Finding[], members: Record<string, unknown>, lines: string[]): Outcome {
  const isBad = findings.some(({ level }) => level !== "note");
  return { exitCode: isBad ? REFUSED : DONE, json: JSON.parse(json(members)), text: lines.join("\n") };
}
