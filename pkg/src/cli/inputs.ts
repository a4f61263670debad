/** Reads what commands take beside files of keys: the token, the HMAC secret, times and durations. */

import { existsSync } from "node:fs";
import type { Algorithm, Key } from "../inline/jwt.js";
import { isCountersignError } from "../report/failure.js";
import { recognize } from "../report/recognize.js";
import type { Call } from "./call.js";
import { Failure, usage } from "./failure.js";
import { readSecret } from "./secrets.js";

/** The token of a call, without the white space around it. */
export async function readToken(call: Call): Promise<string> {
  const [argument] = call.positionals;
  const file = call.text("token-file");
  const variable = call.text("token-env");
  if ([argument, file, variable].filter((each) => each !== undefined).length > 1) {
    throw usage("the token is given twice");
  }
  if (variable !== undefined) return call.variable("token-env").trim();
  if (argument !== undefined && argument !== "-") {
    if (existsSync(argument) || /^[\w ./\\-]+\.(?:txt|jw[ste]|json|token|log)$/i.test(argument))
      throw usage("the token is the name of a file: give it with --token-file");
    call.warn(
      "a token in an argument is visible to other users and stays in the shell's history: use standard input, --token-file or --token-env",
    );
    return argument.trim();
  }
  const bytes = call.readFile(file ?? "-", "the token");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).trim();
  } catch {
    throw new Failure("INPUT_INVALID", "the token is not UTF-8");
  }
}

/** Another meaning of a secret: the key that it is then, and what to say if that key fits. */
export interface OtherSecret {
  key: Key;
  advice: string;
}

/** The HMAC key that `--secret…` gives. `others` receives what else it may have been meant as. */
export async function readSecretKey(call: Call, others: OtherSecret[] = []): Promise<Key | undefined> {
  const bytes = await readSecret(call, "secret");
  if (bytes === undefined) {
    if (call.has("secret-encoding"))
      throw usage("--secret-encoding is for --secret-file, --secret-env and --secret-stdin");
    return undefined;
  }
  if (recognize(Buffer.from(bytes).toString("utf8").trim()).kind === "secret")
    call.warn("the secret is a whole line of settings: if it is not meant so, give the value alone");
  const { Key } = await import("../inline/jwt.js");
  const alg = (call.text("alg") ?? "HS256") as Algorithm;
  if (!alg.startsWith("HS")) throw usage("a secret is for HS256, HS384 or HS512");
  const encoding = call.text("secret-encoding");
  const secret = decoded(bytes, encoding);
  const kid = call.command.name === "sign" ? call.text("kid") : undefined;
  if (call.command.name === "verify") {
    const keyOf = (other: Uint8Array) => Key.fromSecret(other, { alg: alg as "HS256", allowShort: true });
    others.push(...otherSecrets(bytes, encoding ?? "text", keyOf));
  }
  try {
    return Key.fromSecret(secret, {
      alg: alg as "HS256",
      ...(kid !== undefined && { kid }),
      ...(call.has("allow-short") && { allowShort: true }),
    });
  } catch (thrown) {
    if (isCountersignError(thrown) && thrown.message.startsWith("secret looks like "))
      thrown.message += ": give a key in a file, with --key";
    throw thrown;
  } finally {
    secret.fill(0);
    bytes.fill(0);
  }
}

function otherSecrets(bytes: Uint8Array, given: string, keyOf: (secret: Uint8Array) => Key): OtherSecret[] {
  const found: OtherSecret[] = [];
  const add = (advice: string, make: () => Uint8Array) => {
    try {
      const secret = make();
      found.push({ key: keyOf(secret), advice });
      if (secret !== bytes) secret.fill(0);
    } catch {
      // It cannot be meant so.
    }
  };
  for (const encoding of ["text", "base64", "base64url", "hex"].filter((each) => each !== given)) {
    const how = encoding === "text" ? "leave out --secret-encoding" : `give --secret-encoding ${encoding}`;
    add(`the secret fits as ${encoding}: ${how}`, () => decoded(bytes, encoding));
  }
  const text = Buffer.from(bytes).toString("latin1");
  if (given === "text" && text.trim() !== text)
    add("the secret fits without the white space around it", () => new Uint8Array(Buffer.from(text.trim(), "latin1")));
  return found;
}

function decoded(bytes: Uint8Array, encoding: string | undefined): Uint8Array {
  if (encoding === undefined || encoding === "text") return bytes;
  const text = Buffer.from(bytes).toString("latin1").trim();
  const patterns: Record<string, RegExp> = {
    base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/,
    base64url: /^[\w-]*={0,2}$/,
    hex: /^(?:[0-9a-fA-F]{2})*$/,
  };
  if (!patterns[encoding]?.test(text)) throw new Failure("INPUT_INVALID", `the secret is not ${encoding}`);
  return new Uint8Array(Buffer.from(text, encoding as BufferEncoding));
}

/** The time that `--now` names, or the time now. */
export function readNow(call: Call): Date {
  const text = call.text("now");
  if (text === undefined) return new Date();
  const date = /^\d{1,12}$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  const isIso = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2}))?$/.test(text);
  if (Number.isNaN(date.getTime()) || (!isIso && !/^\d+$/.test(text))) {
    throw usage("--now is neither ISO 8601, such as 2027-01-31T12:00:00Z, nor seconds since 1970");
  }
  return date;
}

/** A duration as the package takes it. */
export function readDuration(call: Call, name: string): string | undefined {
  const text = call.text(name);
  if (text !== undefined && !/^\d+[smhdw]?$/.test(text))
    throw usage(`--${name} is not a duration such as 90s, 15m, 2h, 1d or 1w`);
  return text === undefined || !/^\d+$/.test(text) ? text : `${text}s`;
}
