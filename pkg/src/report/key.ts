/** What a key is, what is weak about it, and which option would accept it. */

import type { EncryptionKey } from "../inline/jwe.js";
import type { Key } from "../inline/jwt.js";
import { ENCRYPTION_ALGORITHMS, SIGNATURE_ALGORITHMS } from "./algorithms.js";
import { bytesOfBase64url } from "./base64.js";
import type { Validity } from "./certificate.js";
import { isCountersignError } from "./failure.js";
import { type FoundKey, isEncryptionKey, type KeyFile } from "./read-keys.js";
import { durationInWords, shown } from "./text.js";
import type { Finding } from "./token.js";

/** What is said of a key. */
export interface KeyReport {
  kind: string;
  type: string;
  alg: string | null;
  /** The algorithms that the key fits. */
  fits: string[];
  kid: string | null;
  thumbprint: string;
  status?: string;
  findings: Finding[];
}

const ECDH_FITS: string[] = ENCRYPTION_ALGORITHMS.filter((alg) => alg.startsWith("ECDH-"));
const RSA_FITS: string[] = [...SIGNATURE_ALGORITHMS, ...ENCRYPTION_ALGORITHMS].filter((alg) => /^[RP]S/.test(alg));
const CURVE_FITS: Record<string, string[]> = {
  "P-256": ["ES256", ...ECDH_FITS],
  "P-384": ["ES384", ...ECDH_FITS],
  "P-521": ["ES512", ...ECDH_FITS],
  Ed25519: ["EdDSA", "Ed25519"],
  X25519: ECDH_FITS,
};

/** The reports on all keys of a file, and what is wrong with the file. */
export function reportOnKeys(file: KeyFile, now: number): { keys: KeyReport[]; findings: Finding[] } {
  const findings: Finding[] = file.rejected.map(({ index, kid, message }) => ({
    level: "error",
    message: `key ${index}${kid === undefined ? "" : ` (kid ${shown(kid)})`} is left out: ${message}${hint(message)}`,
  }));
  const keys = file.keys.map((found) => reportOn(found, now));
  const hasPrivate = file.keys.some(({ key }) => key.type !== "public");
  if (hasPrivate) {
    const message = file.isEncrypted
      ? "it holds a private key or secret, encrypted"
      : "it holds a private key or secret that is not encrypted: never publish it";
    findings.push({ level: "note", message });
  }
  if (file.form === "certificate") {
    findings.push(...ofCertificate(file.validity, now));
  }
  if (file.form === "JWK Set") findings.push(...ofSet(file.keys));
  return { keys, findings };
}

/** The dates of a certificate are part of what nobody has verified. */
function ofCertificate(validity: Validity | undefined, now: number): Finding[] {
  const note = (message: string): Finding => ({
    level: "note",
    message: `nothing of the certificate was verified${message}`,
  });
  if (validity === undefined) return [note(", neither its signature nor its dates")];
  const { notBefore, notAfter } = validity;
  const [from, until] = [notBefore, notAfter].map((time) => new Date(time * 1000).toISOString().replace(".000Z", "Z"));
  const dates = note(`: it only says that it is valid from ${from} until ${until}`);
  if (notAfter < now)
    return [
      { level: "warning", message: `the certificate has expired, ${durationInWords(now - notAfter)} ago` },
      dates,
    ];
  if (now < notBefore)
    return [
      { level: "warning", message: `the certificate is not valid yet, for ${durationInWords(notBefore - now)}` },
      dates,
    ];
  return [dates];
}

function ofSet(keys: readonly FoundKey[]): Finding[] {
  const findings: Finding[] = [];
  const signing = keys.filter(({ key }) => !isEncryptionKey(key));
  if (keys.length === 0) findings.push({ level: "error", message: "the set has no usable key" });
  if (signing.some(({ key }) => key.type === "secret") && signing.some(({ key }) => key.type !== "secret")) {
    findings.push({ level: "error", message: "the set mixes secrets with other keys: it is refused as a whole" });
  }
  const names = new Map<string, string>();
  for (const { key } of keys) {
    const name = `${key.alg} ${key.kid}`;
    const known = names.get(name);
    if (known !== undefined && known !== key.thumbprint()) {
      const kid = key.kid === undefined ? "no kid" : `the kid ${shown(key.kid)}`;
      findings.push({
        level: "error",
        message: `several keys for ${key.alg} have ${kid}: their tokens are refused with KEY_AMBIGUOUS`,
      });
    }
    names.set(name, key.thumbprint());
  }
  return findings;
}

function reportOn(found: FoundKey, now: number): KeyReport {
  const { key, isGuessed, jwk } = found;
  const findings: Finding[] = [];
  const fits = fitsOf(key);
  if (isGuessed) {
    findings.push({
      level: "note",
      message: `the key does not say its algorithm: pass the option "alg", one of ${fits.join(", ")}`,
    });
  }
  if (key.kid === undefined && (found.form === "JWK" || found.form === "JWK Set")) {
    findings.push({ level: "note", message: 'the key has no "kid": tokens cannot say that they are signed with it' });
  }
  if (key.modulusLength !== undefined && key.modulusLength < 3072) {
    findings.push({
      level: "note",
      message: `${key.modulusLength} bits are accepted, but NIST SP 800-57 wants 3072 for use beyond 2030`,
    });
  }
  if (key.alg === "RSA-OAEP")
    findings.push({ level: "note", message: "RSA-OAEP uses SHA-1: prefer RSA-OAEP-256 where the other side can" });
  if (typeof jwk?.k === "string" && isText(jwk.k)) {
    findings.push({
      level: "warning",
      message: "the secret is text, not random bytes: it may be guessed. Make one with countersign keygen HS256",
    });
  }
  if (typeof jwk?.exp === "number" && jwk.exp <= now)
    findings.push({ level: "warning", message: 'the "exp" of the key has passed' });
  return {
    kind: kindOf(key),
    type: key.type,
    alg: isGuessed ? null : key.alg,
    fits,
    kid: key.kid ?? null,
    thumbprint: key.thumbprint(),
    ...(typeof jwk?.status === "string" && { status: jwk.status }),
    findings,
  };
}

/** A secret of random bytes is hardly ever printable. */
function isText(base64url: string): boolean {
  const bytes = bytesOfBase64url(base64url);
  return bytes.length > 0 && bytes.every((byte) => 32 <= byte && byte < 127);
}

function kindOf(key: EncryptionKey | Key): string {
  if (key.type === "secret") return isEncryptionKey(key) ? "secret for encryption" : "HMAC secret";
  return key.modulusLength === undefined ? (key.curve ?? key.alg) : `RSA, ${key.modulusLength} bits`;
}

function fitsOf(key: EncryptionKey | Key): string[] {
  if (key.modulusLength !== undefined) return RSA_FITS;
  return key.curve === undefined ? [key.alg] : (CURVE_FITS[key.curve] ?? [key.alg]);
}

/** The reason why a key is refused, and the option that would accept it. */
export function findingOf(thrown: unknown): Finding {
  if (!isCountersignError(thrown)) throw thrown;
  return { level: "error", message: `${thrown.code}: ${thrown.message}${hint(thrown.message)}` };
}

function hint(message: string): string {
  // The message about a key of a set does not name the option, which sets do not have.
  if (/needs a secret of at least \d+ bytes$/.test(message))
    return ': option "allowShort" accepts it during a migration';
  if (/^PEM label does not name/.test(message)) return `. Labels of keys are ${PEM_LABELS.join(", ")} and CERTIFICATE`;
  return "";
}

const PEM_LABELS = [
  "PRIVATE KEY",
  "ENCRYPTED PRIVATE KEY",
  "PUBLIC KEY",
  "RSA PRIVATE KEY",
  "RSA PUBLIC KEY",
  "EC PRIVATE KEY",
];
