/** Reads keys whatever form they are in, with the functions of the package. */

import type { EncryptionKey } from "../inline/jwe.js";
import type { Algorithm, JsonWebKey, Key, RejectedKey } from "../inline/jwt.js";
import { ENCRYPTION_ALGORITHMS, SIGNATURE_ALGORITHMS } from "./algorithms.js";
import { derOfBase64, fromBase64, PEM_IN_BASE64 } from "./base64.js";
import { type Validity, validityOf } from "./certificate.js";
import { endsEarly, missingIn } from "./cut-key.js";
import { InputError, isCountersignError } from "./failure.js";
import { CURVE_NAMES, mistakeInJwk, wrongBoundary, wrongLabel } from "./key-mistakes.js";
import { jwkInBase64 } from "./private-key.js";
import { adviceFor, nameOf, type Recognized, recognize, TOKEN_ANSWER } from "./recognize.js";
import { isStoredHash } from "./stored-hash.js";
import { parseStrict } from "./strict-json.js";
import { shown } from "./text.js";

/** The forms of a key. */
export type KeyForm = "certificate" | "DER" | "JWK" | "JWK Set" | "PEM";

/** A key of a file. */
export interface FoundKey {
  key: EncryptionKey | Key;
  form: KeyForm;
  /** Whether the key fits several algorithms, and nobody said which. */
  isGuessed: boolean;
  /** The JWK that it was read from. */
  jwk?: JsonWebKey;
}

/** What a file of keys holds. */
export interface KeyFile {
  keys: FoundKey[];
  form: KeyForm;
  isEncrypted: boolean;
  /** The keys of a set that cannot be used. */
  rejected: readonly RejectedKey[];
  /** The set itself, as it is in the file. */
  set?: Record<string, unknown>;
  /** The dates of a certificate, if they can be read. */
  validity?: Validity;
}

/** Whether a key is for encryption. */
export function isEncryptionKey(key: EncryptionKey | Key): key is EncryptionKey {
  return (ENCRYPTION_ALGORITHMS as readonly string[]).includes(key.alg) || key.alg.startsWith("PBES2-");
}

/** How to read keys. */
export interface KeyReading {
  alg: string | undefined;
  /** The name of the file. */
  name: string;
  passphrase: () => Promise<string>;
  /** Whether to accept a short secret. */
  allowShort?: boolean;
  /** The most keys of a set. A set with more is refused. */
  maxKeys?: number;
}

/** The keys in the bytes of a file. */
export async function keysOf(bytes: Uint8Array, reading: KeyReading): Promise<KeyFile> {
  const given = textOf(bytes)
    ?.replace(/^\ufeff/, "")
    .trim();
  if (given === "") return refuseEmpty(reading);
  if (given === undefined) return ofDer(bytes, reading).catch((thrown) => refuse(thrown, bytes));
  const found = recognize(given);
  const alone = found.kind === "key" && found.place !== undefined ? found.text : given;
  const decoded = PEM_IN_BASE64.test(alone) ? textOf(fromBase64(alone)) : jwkInBase64(alone)?.trim();
  const text = decoded ?? alone;
  if (isJwe(text)) return ofEncryptedJson(text, reading);
  expectKey(text === given ? found : recognize(text), reading);
  if (text.startsWith("{")) return ofJson(text, reading);
  return ofDocument(text, reading).catch((thrown) => refuse(thrown, text));
}

function ofDocument(text: string, reading: KeyReading): Promise<KeyFile> {
  if (text.includes("-----BEGIN CERTIFICATE-----")) return ofCertificate(text, reading);
  const der = text.includes("-----BEGIN ") ? undefined : derOfBase64(text);
  return der === undefined ? ofPem(text, reading) : ofDer(der, reading);
}

/** How the core's messages about a damaged PEM begin. */
const DAMAGED_PEM = "PEM is not well-formed";

/** Throws the error again, with what is missing in the key, or wrong with its text. */
function refuse(thrown: unknown, given: string | Uint8Array): never {
  if (!isCountersignError(thrown) || thrown.code !== "KEY_INVALID") throw thrown;
  const boundary = typeof given === "string" ? wrongBoundary(given) : undefined;
  if (boundary !== undefined) {
    thrown.message = `${DAMAGED_PEM}: a line should be "${boundary}", with five hyphens on both sides`;
    throw thrown;
  }
  const missing = missingIn(given);
  // Here it can be said more precisely what is damaged.
  if (missing !== undefined && thrown.message.startsWith(DAMAGED_PEM)) thrown.message = DAMAGED_PEM;
  const label = missing === undefined && typeof given === "string" ? wrongLabel(given) : undefined;
  if (missing !== undefined) thrown.message += `: ${missing}`;
  if (label !== undefined) thrown.message += `: the label should be "BEGIN ${label}"`;
  throw thrown;
}

/** Refuses what is known to be something else. */
function expectKey(found: Recognized, { name }: KeyReading): void {
  const isOther =
    found.kind === "hash"
      ? found.hashes !== undefined || isStoredHash(found.text)
      : found.kind !== "key" && found.kind !== "unknown";
  if (!isOther) return;
  const title = shown(name);
  if (found.kind === "answer" || found.place === TOKEN_ANSWER) {
    throw new InputError(`${title} is ${TOKEN_ANSWER}: pass one of its tokens alone`);
  }
  if (found.kind === "discovery")
    throw new InputError(`${title} is ${nameOf(found)}: pass the keys that its "jwks_uri" names`);
  const advice = adviceFor(found);
  throw new InputError(`${title} is ${nameOf(found)}, not a key${advice === undefined ? "" : `: ${advice}`}`);
}

function refuseEmpty({ name }: KeyReading): never {
  throw new InputError(`${shown(name)} is empty`);
}

/** The text of a file, or `undefined` for binary data. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A compact JWE, as which encrypted JWKs and sets are written (RFC 7517 §7). */
export function isJwe(text: string): boolean {
  return /^eyJ[\w-]*(\.[\w-]*){4}$/.test(text);
}

async function ofEncryptedJson(text: string, reading: KeyReading): Promise<KeyFile> {
  const { decrypt, decodeHeader, EncryptionKey } = await encryption();
  const { alg } = decodeHeader(text);
  if (!isPasswordAlgorithm(alg)) {
    throw new InputError(`${shown(reading.name)} is an encrypted token, not a key encrypted with a passphrase`);
  }
  const key = EncryptionKey.fromPassword(await reading.passphrase(), { alg });
  let content: Uint8Array;
  try {
    ({ plaintext: content } = decrypt(text, key, { maxLength: 16_777_216 }));
  } catch (thrown) {
    if (!isCountersignError(thrown) || thrown.code !== "DECRYPTION_FAILED") throw thrown;
    throw new InputError(`the passphrase does not decrypt ${shown(reading.name)}`);
  } finally {
    key.free();
  }
  const inner = textOf(content);
  content.fill(0);
  if (inner === undefined) throw new InputError(`${shown(reading.name)} holds no JWK`);
  return { ...(await ofJson(inner, reading)), isEncrypted: true };
}

function isPasswordAlgorithm(alg: string): alg is "PBES2-HS256+A128KW" {
  return /^PBES2-HS(256\+A128|384\+A192|512\+A256)KW$/.test(alg);
}

async function encryption() {
  const [jwe, { decodeHeaderUnverified }] = await Promise.all([import("../inline/jwe.js"), import("../decode.js")]);
  return { ...jwe, decodeHeader: decodeHeaderUnverified };
}

async function ofJson(
  text: string,
  { alg, name, allowShort, maxKeys = Number.POSITIVE_INFINITY }: KeyReading,
): Promise<KeyFile> {
  const value = await parseStrict(text, shown(name));
  if (Array.isArray(value.keys)) {
    if (value.keys.length <= maxKeys) return ofSet(value, alg, allowShort);
    throw new InputError(`${shown(name)} is a set of ${value.keys.length} keys, and at most ${maxKeys} are read`);
  }
  if (value.kty === undefined) {
    throw new InputError(`${shown(name)} is JSON, but neither a JWK (it has no "kty") nor a JWK Set`);
  }
  const found = await fromJwk(value, alg, allowShort);
  return { keys: [{ ...found, form: "JWK" }], form: "JWK", isEncrypted: false, rejected: [] };
}

async function ofSet(set: Record<string, unknown>, alg?: string, allowShort?: boolean): Promise<KeyFile> {
  const keys: FoundKey[] = [];
  const rejected: RejectedKey[] = [];
  for (const [index, jwk] of (set.keys as JsonWebKey[]).entries()) {
    try {
      const found = await fromJwk(jwk, fitting(jwk, alg), allowShort);
      keys.push({ ...found, form: "JWK Set" });
    } catch (thrown) {
      if (!isCountersignError(thrown)) throw thrown;
      const kid = typeof jwk?.kid === "string" ? jwk.kid : undefined;
      rejected.push({ index, kid, code: thrown.code as RejectedKey["code"], message: thrown.message });
    }
  }
  return { keys, form: "JWK Set", isEncrypted: false, rejected, set };
}

/** An algorithm for a whole set applies to the keys that it fits. */
function fitting(jwk: JsonWebKey, alg: string | undefined): string | undefined {
  if (alg === undefined || typeof jwk?.alg === "string") return undefined;
  const families: Record<string, RegExp> = {
    RSA: /^(RS|PS|RSA)/,
    EC: /^(ES|ECDH)/,
    OKP: /^(Ed|ECDH)/,
    oct: /^(HS|A\d|dir)/,
  };
  return families[String(jwk?.kty)]?.test(alg) ? alg : undefined;
}

/** The key of a JWK. Which class it is for depends on its algorithm, use or curve. */
export async function fromJwk(jwk: JsonWebKey, alg?: string, allowShort = false): Promise<Omit<FoundKey, "form">> {
  return ofJwk(jwk, alg, allowShort).catch((thrown) => {
    if (isCountersignError(thrown)) thrown.message += mistakeInJwk(thrown.message, jwk);
    throw thrown;
  });
}

async function ofJwk(jwk: JsonWebKey, alg: string | undefined, allowShort: boolean): Promise<Omit<FoundKey, "form">> {
  const stated = alg ?? (typeof jwk?.alg === "string" ? jwk.alg : undefined);
  const isForEncryption =
    stated === undefined
      ? jwk?.use === "enc" || jwk?.crv === "X25519"
      : !(SIGNATURE_ALGORITHMS as readonly string[]).includes(stated) && isEncryptionName(stated);
  if (isForEncryption) {
    const { EncryptionKey } = await import("../inline/jwe.js");
    const guess = jwk?.kty === "RSA" ? "RSA-OAEP-256" : jwk?.kty === "oct" ? undefined : "ECDH-ES";
    const chosen = (alg ?? (stated === undefined ? guess : undefined)) as "ECDH-ES" | undefined;
    const key = EncryptionKey.fromJwk(jwk, chosen === undefined ? undefined : { alg: chosen });
    return { key, isGuessed: stated === undefined, jwk };
  }
  const { Key } = await import("../inline/jwt.js");
  const guess = stated === undefined ? guessFor(jwk) : undefined;
  const chosen = (alg ?? guess) as Algorithm | undefined;
  const key = Key.fromJwk(jwk, { ...(chosen !== undefined && { alg: chosen }), ...(allowShort && { allowShort }) });
  // The curve of an EC or OKP key leaves no choice.
  return { key, isGuessed: stated === undefined && jwk?.kty === "RSA", jwk };
}

function isEncryptionName(alg: string): boolean {
  return (ENCRYPTION_ALGORITHMS as readonly string[]).includes(alg) || /^A\d{3}(GCM|CBC-HS\d{3})$/.test(alg);
}

/** A set has no option for each key: RSA counts as RS256, as in `KeySet.fromJwks`. */
function guessFor(jwk: JsonWebKey): Algorithm | undefined {
  return jwk?.kty === "RSA" ? "RS256" : undefined;
}

async function ofPem(text: string, reading: KeyReading): Promise<KeyFile> {
  // Nobody types a passphrase in vain.
  const isEncrypted = /ENCRYPTED/.test(text) && !endsEarly(text);
  const passphrase = isEncrypted && !/Proc-Type/.test(text) ? await reading.passphrase() : undefined;
  const found = await withAlgorithm(reading.alg, async (alg) => {
    const options = { alg, ...(passphrase !== undefined && { passphrase }) };
    return makeKey(
      alg,
      ({ Key }) => Key.fromPem(text, options as never),
      ({ EncryptionKey }) => EncryptionKey.fromPem(text, options as never),
    );
  });
  return { keys: [{ ...found, form: "PEM" }], form: "PEM", isEncrypted, rejected: [] };
}

async function ofDer(bytes: Uint8Array, reading: KeyReading): Promise<KeyFile> {
  let passphrase: string | undefined;
  const read = (alg: string) => {
    const options = { alg, ...(passphrase !== undefined && { passphrase }) };
    return makeKey(
      alg,
      ({ Key }) => Key.fromDer(bytes, options as never),
      ({ EncryptionKey }) => EncryptionKey.fromDer(bytes, options as never),
    );
  };
  let form: KeyForm = "DER";
  const found = await withAlgorithm(reading.alg, read).catch(async (thrown) => {
    const message = isCountersignError(thrown) ? thrown.message : "";
    if (message.includes("encrypted: pass its passphrase")) {
      passphrase = await reading.passphrase();
      return withAlgorithm(reading.alg, read);
    }
    if (!message.includes("certificate")) throw thrown;
    form = "certificate";
    return fromCertificate(bytes, reading.alg);
  });
  const validity = (form as KeyForm) === "certificate" ? validityOf(bytes) : undefined;
  return {
    keys: [{ ...found, form }],
    form,
    isEncrypted: passphrase !== undefined,
    rejected: [],
    ...(validity && { validity }),
  };
}

async function ofCertificate(text: string, reading: KeyReading): Promise<KeyFile> {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    throw new InputError(`${shown(reading.name)} holds a certificate and a private key: put them into two files`);
  }
  // Servers write the certificate itself first, and then those of its issuers.
  const first = blocks[0] ?? text;
  const found = await fromCertificate(first, reading.alg);
  const validity = validityOf(fromBase64(first.replace(/-----[A-Z ]+-----|\\[nr]/g, "")));
  return {
    keys: [{ ...found, form: "certificate" }],
    form: "certificate",
    isEncrypted: false,
    rejected: [],
    ...(validity && { validity }),
  };
}

function fromCertificate(certificate: Uint8Array | string, alg: string | undefined): Promise<Omit<FoundKey, "form">> {
  return withAlgorithm(alg, (each) =>
    makeKey(
      each,
      ({ Key }) => Key.fromUnverifiedCertificate(certificate, { alg: each as "RS256" }),
      ({ EncryptionKey }) => EncryptionKey.fromUnverifiedCertificate(certificate, { alg: each as "ECDH-ES" }),
    ),
  );
}

/** Makes a key with the class of its algorithm. */
async function makeKey(
  alg: string,
  signing: (module: typeof import("../inline/jwt.js")) => Key,
  encrypting: (module: typeof import("../inline/jwe.js")) => EncryptionKey,
): Promise<EncryptionKey | Key> {
  if (isEncryptionName(alg)) return encrypting(await import("../inline/jwe.js"));
  return signing(await import("../inline/jwt.js"));
}

/** The algorithm that each kind of key has by default, by what the package calls that kind. */
const BY_KIND: Record<string, string> = {
  "P-256": "ES256",
  "P-384": "ES384",
  "P-521": "ES512",
  Ed25519: "EdDSA",
  X25519: "ECDH-ES",
  "RSA-PSS": "PS256",
  "ML-DSA-44": "ML-DSA-44",
  "ML-DSA-65": "ML-DSA-65",
  "ML-DSA-87": "ML-DSA-87",
};

/** Nobody asked for RSA: what no algorithm fits is not supported. */
function withoutGuess(message: string): string {
  return message
    .replace(
      /^this is an? (secp256k1|Ed448|X448) key; alg .*$/,
      `this is a key on the curve $1, which is not supported: ${CURVE_NAMES} are`,
    )
    .replace(/^(this is a key on an unsupported curve); alg .*$/, `$1: ${CURVE_NAMES} are supported`)
    .replace(/^(this is an? .*); alg "RS256" needs an RSA key$/, "$1, which is not supported");
}

/** PEM and DER need an algorithm. If nobody gives one, the error about RSA says what kind of key it is. */
async function withAlgorithm(
  alg: string | undefined,
  make: (alg: string) => Promise<EncryptionKey | Key>,
): Promise<Omit<FoundKey, "form">> {
  if (alg !== undefined) return { key: await make(alg), isGuessed: false };
  try {
    return { key: await make("RS256"), isGuessed: true };
  } catch (thrown) {
    const message = isCountersignError(thrown) ? thrown.message : "";
    const kind = /^this is an? (P-256|P-384|P-521|Ed25519|X25519|RSA-PSS|ML-DSA-\d+)\b/.exec(message)?.[1];
    if (message === NOT_FOR_THIS) return ofPss(thrown as Error, make);
    const fits = kind === undefined ? undefined : BY_KIND[kind];
    if (fits === undefined) {
      if (isCountersignError(thrown)) thrown.message = withoutGuess(message);
      throw thrown;
    }
    return { key: await make(fits), isGuessed: false };
  }
}

/** The core's message about a key of RSA-PSS and an algorithm that it is not for. */
const NOT_FOR_THIS = "the RSA-PSS key does not allow this algorithm";

/** A key of RSA-PSS may be for one hash function, or for all. */
async function ofPss(
  refused: Error,
  make: (alg: string) => Promise<EncryptionKey | Key>,
): Promise<Omit<FoundKey, "form">> {
  const keys: (EncryptionKey | Key)[] = [];
  for (const alg of ["PS256", "PS384", "PS512"]) {
    try {
      keys.push(await make(alg));
    } catch (thrown) {
      if (!isCountersignError(thrown) || thrown.message !== NOT_FOR_THIS) throw thrown;
    }
  }
  const [key, ...others] = keys;
  if (key !== undefined && others.length === 0) return { key, isGuessed: false };
  for (const each of keys) each.free();
  if (key !== undefined) refused.message = "this is an RSA-PSS key: give --alg PS256, PS384 or PS512";
  throw refused;
}
