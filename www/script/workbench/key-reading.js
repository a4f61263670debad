/** Reads what was pasted as a key: JWK, JWK Set, PEM, DER in base64, certificate, encrypted key, or a secret. */

import { findingOf } from "/report/key.js";
import { isEncryptionKey, keysOf } from "/report/read-keys.js";
import { isKey, recognize } from "/report/recognize.js";
import { objectInSegment } from "/report/segment.js";
import { isStoredHash } from "/report/stored-hash.js";
import { misplaced } from "./misplaced.js";
import { enableFor } from "./post-quantum.js";

/** The longest text that is read. The key sets of large issuers have 20 KB. */
const MAX_LENGTH = 262_144;

/** Each key of a set takes time. The sets of large issuers have about 20. */
const MAX_KEYS = 1000;

/** How a secret may be written, with the bytes that it then is, or `undefined`. */
export const ENCODINGS = {
  text: (text) => new TextEncoder().encode(text),
  base64url: (text) => (/^[\w-]+={0,2}$/.test(text) ? bytesOf(text) : undefined),
  base64: (text) => (/^[A-Za-z0-9+/]+={0,2}$/.test(text) ? bytesOf(text) : undefined),
  hex: (text) =>
    /^([0-9a-f]{2})+$/i.test(text) ? Uint8Array.from(text.match(/../g), (two) => parseInt(two, 16)) : undefined,
};

function bytesOf(text) {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, ""));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/**
 * What a text is as a key.
 *
 * - `none`: nothing was given.
 * - `url`: a URL, from which keys could be fetched.
 * - `passphrase`: it is encrypted, and the passphrase is missing.
 * - `refused`: with the `message` why. If the text is known to be something else, `other` says what.
 * - `ready`: with the `file` of keys. `secret` is the text of a secret.
 *
 * A text that a server has answered (`isFetched`) is never a secret: whoever can read that answer could sign with it.
 */
export async function readKey(given) {
  const text = given.text.trim();
  if (given.isFetched && !isKey(text)) return NO_PUBLIC_KEYS;
  const reading = await readText(given);
  if (!given.isFetched) return reading;
  const isSecret = reading.file?.keys.some(({ key }) => key.type === "secret") || reading.isTooShort;
  if (!isSecret) return reading;
  release(reading);
  return NO_PUBLIC_KEYS;
}

const NO_PUBLIC_KEYS = { state: "refused", message: "the server's answer is no set of public keys" };

async function readText(given) {
  const { length } = given.text.trim();
  if (length === 0) return { state: "none" };
  if (MAX_LENGTH < length) return { state: "refused", message: `it is longer than ${MAX_LENGTH} characters` };
  const found = recognize(given.text);
  const text = found.kind === "key" && found.place !== undefined ? found.text : given.text.trim();
  if (found.kind === "url") return { state: "url", url: text };
  const other = isOther(found, given) ? misplaced(found, "key") : undefined;
  if (other !== undefined) return { state: "refused", message: other.text, other };
  try {
    if (given.alg !== undefined) await enableFor(given.alg);
    await enableFor(text);
    if (isKey(text)) return await fromDocument(text, given);
    return { state: "ready", secret: given.text, file: await fromSecret(given.text, given) };
  } catch (error) {
    if (error === MISSING) return { state: "passphrase" };
    const isSecret = !isKey(text);
    const isOurs = error.name === "CountersignError";
    // The page has a choice where the command line has an option.
    if (isOurs) error.message = error.message.replace("give --alg ", "choose ");
    // The page has a choice for it.
    const isTooShort = /needs a secret of at least/.test(error.message);
    if (isTooShort) error.message = error.message.replace(/: option "allowShort" .+$/, "");
    return {
      state: "refused",
      message: isTooShort || !isOurs ? `${isOurs ? `${error.code}: ` : ""}${error.message}` : findingOf(error).message,
      error,
      isTooShort,
      ...(isSecret && { secret: given.text }),
    };
  }
}

/**
 * Whether a text is something else than a key or a secret. A person who chooses an algorithm says that it
 * is one. A secret may look like a digest, and a key that is encrypted with a password may look like any token.
 */
function isOther({ kind, text, place, tokens, hashes }, { alg }) {
  if (kind === "secret") return alg === undefined;
  if (kind === "hash") return alg === undefined && (hashes !== undefined || isStoredHash(text));
  const isAlone = kind === "token" && place === undefined && tokens === undefined;
  if (isAlone && isPasswordEncrypted(text)) return false;
  return kind !== "key" && kind !== "unknown";
}

function isPasswordEncrypted(token) {
  return token.split(".").length === 5 && /^PBES2-/.test(String(objectInSegment(token.split(".", 1)[0])?.alg));
}

const MISSING = new Error("the passphrase is missing");

async function fromDocument(text, { alg, passphrase, allowShort }) {
  const [, enc] = /^dir (\w.*)$/.exec(alg ?? "") ?? [];
  const jwk = text.startsWith("{") ? parsed(text) : undefined;
  if (jwk?.kty === "oct" && (enc !== undefined || allowShort)) {
    return { state: "ready", file: fileOf(await fromSecretJwk(jwk, alg, enc), "JWK") };
  }
  const file = await keysOf(new TextEncoder().encode(text), {
    alg: enc === undefined ? alg : "dir",
    name: "the key",
    maxKeys: MAX_KEYS,
    passphrase: async () => {
      if (passphrase === "") throw MISSING;
      return passphrase;
    },
  });
  return { state: "ready", file };
}

async function fromSecretJwk(jwk, alg, enc) {
  if (enc !== undefined) {
    const { EncryptionKey } = await import("/pkg/dist/inline/jwe.js");
    return { key: EncryptionKey.fromJwk(jwk, { alg: "dir", enc }), isGuessed: false, jwk };
  }
  const { Key } = await import("/pkg/dist/inline/jwt.js");
  const chosen = alg ?? jwk.alg;
  return { key: Key.fromJwk(jwk, { alg: chosen ?? "HS256", allowShort: true }), isGuessed: chosen === undefined, jwk };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A secret has no algorithm of its own. Without a choice it is for HS256. */
async function fromSecret(text, { alg = "", encoding = "text", allowShort }) {
  const secret = ENCODINGS[encoding](encoding === "text" ? text : text.trim());
  if (secret === undefined) throw new Error(`the secret is not ${encoding}`);
  try {
    if (alg === "" || alg.startsWith("HS")) {
      const { Key } = await import("/pkg/dist/inline/jwt.js");
      const key = Key.fromSecret(secret, { alg: alg || "HS256", ...(allowShort && { allowShort }) });
      return fileOf({ key, isGuessed: alg === "" }, "secret");
    }
    const { EncryptionKey } = await import("/pkg/dist/inline/jwe.js");
    if (alg.startsWith("PBES2")) {
      return fileOf({ key: EncryptionKey.fromPassword(secret, { alg }), isGuessed: false }, "secret");
    }
    const [name, enc] = alg.split(" ");
    const key = EncryptionKey.fromSecret(secret, { alg: name, ...(enc && { enc }) });
    return fileOf({ key, isGuessed: false }, "secret");
  } finally {
    secret.fill(0);
  }
}

const fileOf = (found, form) => ({ keys: [{ ...found, form }], form, isEncrypted: false, rejected: [] });

/** Frees the keys of a reading that is no longer used. */
export function release(reading) {
  for (const { key } of reading?.file?.keys ?? []) key.free();
}

/** The keys that sign or verify, and those that encrypt or decrypt. */
export const signingKeys = (file) => file.keys.filter(({ key }) => !isEncryptionKey(key));
export const encryptionKeys = (file) => file.keys.filter(({ key }) => isEncryptionKey(key));
