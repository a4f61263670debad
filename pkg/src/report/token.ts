/** What can be seen of a token without a key: its parts, and what is wrong with it. Nothing is verified. */

import { decodeHeaderUnverified, decodeUnverified } from "../decode.js";
import { SIGNATURE_ALGORITHMS } from "./algorithms.js";
import { bareToken, isCompact, tokensInWords } from "./bare-token.js";
import { bytesOfBase64url } from "./base64.js";
import { isCountersignError } from "./failure.js";
import { findingsOfIssuer } from "./known-issuers.js";
import { isPrivateJwk, jwkInBase64 } from "./private-key.js";
import { adviceFor, nameOf, recognize } from "./recognize.js";
import { objectInSegment } from "./segment.js";
import { durationInWords, json, timeInWords } from "./text.js";

/** What is wrong, and what to do. */
export interface Finding {
  /** `"error"`: it is refused. `"warning"`: it is refused by default, weak, or looks like a mistake. `"note"`: good to know. */
  level: "error" | "note" | "warning";
  message: string;
}

/** What a token says. */
export interface TokenReport {
  kind: "JWE" | "JWS" | "unknown";
  header: Record<string, unknown> | null;
  claims: Record<string, unknown> | null;
  /** The registered times that are numbers, in ISO 8601. */
  times: Record<string, string>;
  signatureBytes: number | null;
  findings: Finding[];
}

/** The bytes of a signature, by algorithm. Those of RSA are as long as the key. */
const SIGNATURE_BYTES: Record<string, number> = {
  EdDSA: 64,
  Ed25519: 64,
  ES256: 64,
  ES384: 96,
  ES512: 132,
  HS256: 32,
  HS384: 48,
  HS512: 64,
  "ML-DSA-44": 2420,
  "ML-DSA-65": 3309,
  "ML-DSA-87": 4627,
};

/** The header parameters that a token must not bring its keys with. */
const KEY_PARAMETERS = ["jwk", "jku", "x5u", "x5c"];

/** Looks at a token. */
export function reportOnToken(given: string, now: number): TokenReport {
  const findings: Finding[] = [];
  const token = cleaned(given, findings);
  const segments = token.split(".");
  const report: TokenReport = {
    kind: "unknown",
    header: null,
    claims: null,
    times: {},
    signatureBytes: null,
    findings,
  };
  if (token === "") return report;
  // A key in base64, cut or with something behind it. No header is one.
  if (isPrivateJwk(objectInSegment(segments[0]))) {
    error(findings, "this is a private key or a secret in base64, not a token");
    return report;
  }
  if (segments.length === 5) return encrypted(report, token, now);
  report.kind = segments.length === 3 ? "JWS" : "unknown";
  try {
    const { header, claims } = decodeUnverified(token);
    Object.assign(report, { header, claims });
  } catch (thrown) {
    error(findings, isCountersignError(thrown) ? thrown.message : "token cannot be read");
    report.header = objectInSegment(segments[0]);
    report.claims = objectInSegment(segments[1]);
  }
  if (segments.length < 3 && report.header !== null) error(findings, CUT[segments.length === 2 ? "signature" : "all"]);
  if (segments.length === 3)
    report.signatureBytes = Math.floor(((segments[2] ?? "").replace(/=+$/, "").length * 3) / 4);
  if (report.header !== null) judgeHeader(report, report.header, segments[2] ?? "");
  if (report.claims !== null) judgeClaims(report, report.claims, now);
  findings.push(...findingsOfIssuer(report.header ?? {}, report.claims ?? {}));
  return report;
}

/** The token without what is often copied along, which the findings name; `""` if the text is something else. */
function cleaned(given: string, findings: Finding[]): string {
  const { token, around } = bareToken(given);
  const found = isCompact(token) ? undefined : recognize(given);
  if (found?.tokens !== undefined) {
    error(findings, `this is ${nameOf(found)} (${tokensInWords(found.tokens)}): give one of them alone`);
    return "";
  }
  for (const each of around) warning(findings, each === "field" ? afterScheme(given) : AROUND[each]);
  if (jwkInBase64(token) !== undefined) {
    error(findings, "this is a key, not a token");
    return "";
  }
  if (found === undefined) return token;
  if (found.kind === "unknown" || (found.kind === "token" && found.place === undefined)) return token;
  if (found.kind === "token") {
    warning(findings, `this is ${nameOf(found)}: only the token was looked at`);
    return found.text;
  }
  const advice = found.kind === "opaque" || found.kind === "document" ? adviceFor(found) : undefined;
  error(findings, `this is ${nameOf(found)}, not a token${advice === undefined ? "" : `: ${advice}`}`);
  return "";
}

const CUT = {
  signature: "the signature is missing: the token was cut",
  all: "the claims and the signature are missing: the token was cut",
} as const;

const AROUND = {
  encoding: "the token is percent-encoded, which does not belong to it",
  quotes: "the token is in quotes, which do not belong to it",
  space: "the token has white space inside: it may have been cut into lines",
} as const;

function afterScheme(given: string): string {
  const scheme = /\bdpop\b/i.test(given.slice(0, 40)) ? "DPoP" : "Bearer";
  return `the token is after "${scheme}", which belongs to the header field and not to the token`;
}

function encrypted(report: TokenReport, token: string, now: number): TokenReport {
  const { findings } = report;
  report.kind = "JWE";
  try {
    const header = decodeHeaderUnverified(token) as Record<string, unknown>;
    report.header = header;
    for (const name of ["exp", "nbf", "iat"]) noteTime(report, name, header[name], now);
    if (typeof header.enc !== "string") error(findings, 'header has no "enc"');
    if (header.zip !== undefined)
      warning(findings, 'the content is compressed ("zip"): its length can reveal what it is');
    if (header.alg === "RSA1_5")
      error(findings, 'alg "RSA1_5" is unsafe (RFC 8725 §3.2): this package does not decrypt it');
    if (typeof header.p2c === "number" && 600_000 < header.p2c) {
      warning(findings, 'the token asks for more PBKDF2 iterations than the option "maxIterations" accepts by default');
    }
    keyParameters(findings, header);
    findings.push(...findingsOfIssuer(header, {}));
  } catch (thrown) {
    error(findings, isCountersignError(thrown) ? thrown.message : "token cannot be read");
    report.header = objectInSegment(token.split(".")[0]);
  }
  return report;
}

function judgeHeader(
  { findings, signatureBytes }: TokenReport,
  header: Record<string, unknown>,
  signature: string,
): void {
  const { alg } = header;
  if (typeof alg !== "string") error(findings, 'header has no "alg"');
  else if (alg.toLowerCase() === "none") error(findings, 'alg "none": nobody signed the token, and no key accepts it');
  else if (!(SIGNATURE_ALGORITHMS as readonly string[]).includes(alg)) {
    error(findings, `alg ${json(alg)} is not a supported algorithm`);
  }
  const bytes = typeof alg === "string" ? SIGNATURE_BYTES[alg] : undefined;
  if (signatureBytes === 0) error(findings, "the signature is empty");
  else if (bytes !== undefined && signatureBytes !== null && signatureBytes !== bytes) {
    const why = isDerSignature(alg, signature) ? IN_DER : whyOtherLength(signatureBytes, bytes);
    error(findings, `the signature has ${signatureBytes} bytes; one of ${alg} has ${bytes}: ${why}`);
  }
  if (header.crit !== undefined && header.crit !== null) {
    error(findings, 'header has "crit": a token that needs extensions is refused');
  }
  for (const name of ["b64", "zip"])
    if (header[name] !== undefined) error(findings, `header has "${name}", which no token may have`);
  for (const name of ["kid", "typ", "cty"]) {
    const value = header[name];
    if (value !== undefined && value !== null && typeof value !== "string")
      error(findings, `header parameter "${name}" is not a string`);
  }
  keyParameters(findings, header);
}

/** Why a signature has another length than its algorithm or its key gives. */
export function whyOtherLength(found: number, expected: number): string {
  return found < expected ? "the token may be cut short" : "something may have been added to the token";
}

const IN_DER = "it is in DER, and a token has R and S one after the other (RFC 7518 §3.4)";

/** OpenSSL and many key services write signatures of ECDSA as a sequence of two integers. */
function isDerSignature(alg: unknown, signature: string): boolean {
  if (!/^ES\d/.test(String(alg))) return false;
  const bytes = bytesOfBase64url(signature);
  const start = bytes[1] === 0x81 ? 3 : 2;
  return bytes[0] === 0x30 && bytes[start - 1] === bytes.length - start && bytes[start] === 0x02;
}

function keyParameters(findings: Finding[], header: Record<string, unknown>): void {
  for (const name of KEY_PARAMETERS) {
    if (header[name] !== undefined)
      warning(findings, `header has "${name}": whoever made the token chose it, so it is never used as a key`);
  }
}

function judgeClaims(report: TokenReport, claims: Record<string, unknown>, now: number): void {
  const { findings } = report;
  for (const name of ["exp", "nbf", "iat", "auth_time"]) {
    const value = claims[name];
    if (value === undefined) continue;
    if (typeof value !== "number") error(findings, `claim "${name}" is not a number`);
    else if (1e11 < value) warning(findings, `claim "${name}" looks like milliseconds: it must be seconds`);
    noteTime(report, name, value, now);
  }
  const { exp, nbf, iat, sub, iss, jti, aud } = claims;
  if (exp === undefined)
    warning(findings, 'there is no "exp": it is refused, unless the option "allowMissingExpiry" is set');
  if (typeof exp === "number" && exp <= now)
    warning(findings, `the token has expired, ${durationInWords(now - exp)} ago${tolerance(now - exp)}`);
  if (typeof nbf === "number" && now < nbf)
    warning(findings, `the token is not valid yet, for ${durationInWords(nbf - now)}${tolerance(nbf - now)}`);
  if (typeof iat === "number" && now + 60 < iat)
    warning(findings, "the token was issued in the future: a clock is wrong");
  if (typeof sub === "number")
    error(findings, 'claim "sub" is a number: it is refused, unless the option "allowNumericSubject" is set');
  for (const [name, value] of Object.entries({ iss, jti, ...(typeof sub !== "number" && { sub }) })) {
    if (value !== undefined && typeof value !== "string") error(findings, `claim "${name}" is not a string`);
  }
  if (
    aud !== undefined &&
    typeof aud !== "string" &&
    !(Array.isArray(aud) && aud.every((each) => typeof each === "string"))
  ) {
    error(findings, 'claim "aud" is neither a string nor an array of strings');
  }
  if (aud !== undefined) return;
  warning(findings, 'there is no "aud": a verifier with the option "audience" refuses it');
}

/** Clocks of servers differ by seconds. */
function tolerance(seconds: number): string {
  return seconds <= 60 ? ': the option "clockTolerance" accepts it, if clocks differ' : "";
}

function noteTime(report: TokenReport, name: string, value: unknown, now: number): void {
  if (typeof value === "number" && Math.abs(value) < 8.64e12) report.times[name] = timeInWords(value, now);
}

function error(findings: Finding[], message: string): void {
  findings.push({ level: "error", message });
}

function warning(findings: Finding[], message: string): void {
  findings.push({ level: "warning", message });
}

/** What is said below every report. */
export const NOTHING_VERIFIED = "nothing was verified: anybody can have written this";
