/** Writes keys as JWK, PEM or DER. */

import { randomBytes } from "node:crypto";
import { extname } from "node:path";
import type { EncryptionKey } from "../inline/jwe.js";
import type { Key, KeyDocumentOptions } from "../inline/jwt.js";
import { json } from "../report/text.js";
import type { Call } from "./call.js";
import { usage } from "./failure.js";
import { nameInMessage, writeWhole } from "./files.js";
import { readSecretText } from "./secrets.js";

/** The formats in which keys are written. */
export type KeyFormat = "der" | "jwk" | "pem";

/** What to write of a key. */
export interface KeyText {
  format: KeyFormat;
  isPrivate: boolean;
  passphrase?: string | undefined;
  /** The form of PEM and DER. */
  form?: string | undefined;
  /** Whether to leave out the algorithm of a JWK, which nobody has stated. */
  withoutAlg?: boolean;
}

/** The text of a key, without a line break at its end, or its bytes. */
export async function written(key: EncryptionKey | Key, what: KeyText): Promise<string | Uint8Array> {
  const { format, isPrivate, passphrase, form, withoutAlg = false } = what;
  if (format === "jwk") {
    const { alg, ...others } = key.toJwk({ private: isPrivate });
    const jwk = withoutAlg ? others : { ...others, ...(alg !== undefined && { alg }) };
    return passphrase === undefined ? json(jwk, 2) : encryptJson(jwk, passphrase);
  }
  const options = {
    private: isPrivate,
    ...(passphrase !== undefined && { passphrase }),
    ...(form !== undefined && { format: form }),
  } as KeyDocumentOptions;
  return format === "pem" ? key.toPem(options).trimEnd() : key.toDer(options);
}

/** Writes a key to a file. */
export async function writeKey(
  key: EncryptionKey | Key,
  { path, mode, force, ...what }: KeyText & { path: string; mode?: number; force: boolean },
): Promise<void> {
  const content = await written(key, what);
  writeWhole(path, typeof content === "string" ? `${content}\n` : content, {
    ...(mode !== undefined && { mode }),
    force,
  });
}

/** The format that the name of a file says. */
export function formatByName(path: string): KeyFormat {
  const extension = extname(path).toLowerCase();
  if (extension === ".pem" || extension === ".key") return "pem";
  return extension === ".der" ? "der" : "jwk";
}

/** The passphrase for a private key that goes to a file, or `undefined` for one that is written as it is. */
export async function passphraseFor(call: Call, out: string, name = "passphrase"): Promise<string | undefined> {
  if (call.has("no-passphrase")) {
    if (["", "-file", "-env", "-stdin"].some((end) => call.has(name + end))) {
      throw usage(`--no-passphrase and --${name} exclude each other`);
    }
    return undefined;
  }
  const given = await readSecretText(call, name, { text: `new passphrase of ${nameInMessage(out)}`, twice: true });
  if (given === "") throw usage("the passphrase is empty: use --no-passphrase to write the key without encryption");
  if (given !== undefined) return given;
  throw usage(
    `a private key in a file is encrypted: give --${name}-file, --${name}-env or --${name}-stdin, or --no-passphrase`,
  );
}

/** The identifier of a new key. */
export function kidOf(key: EncryptionKey | Key): string {
  if (key.type === "secret") return randomBytes(12).toString("base64url");
  return key.thumbprint();
}

/** A text as an encrypted JWK or set (RFC 7517 §7): a JWE with a key from the passphrase. */
export async function encryptJson(value: unknown, passphrase: string): Promise<string> {
  const { encrypt, EncryptionKey } = await import("../inline/jwe.js");
  const key = EncryptionKey.fromPassword(passphrase, { alg: "PBES2-HS512+A256KW" });
  const cty = typeof value === "object" && value !== null && "keys" in value ? "jwk-set+json" : "jwk+json";
  try {
    return encrypt(new TextEncoder().encode(JSON.stringify(value)), key, { cty });
  } finally {
    key.free();
  }
}
