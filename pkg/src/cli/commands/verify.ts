/** `verify`: verifies a token with keys from files, a JWK Set URL or the metadata of an issuer. */

import type { Algorithm, VerificationKeys, Verified, VerifyOptions } from "../../inline/jwt.js";
import { SIGNATURE_ALGORITHMS } from "../../report/algorithms.js";
import { bareToken, isCompact, tokensIn } from "../../report/bare-token.js";
import { isCountersignError } from "../../report/failure.js";
import { isEncryptionKey, isJwe } from "../../report/read-keys.js";
import { json, shown } from "../../report/text.js";
import type { Call, Outcome } from "../call.js";
import { onlyKey, setOf } from "../choose-keys.js";
import { DONE, Failure, usage } from "../failure.js";
import { type OtherSecret, readDuration, readNow, readSecretKey, readToken } from "../inputs.js";
import { Passphrase, readKeys } from "../keys.js";

export async function run(call: Call): Promise<Outcome> {
  const options = readOptions(call);
  expectOneSource(call);
  const token = await readToken(call);
  if (token === "") throw new Failure("INPUT_INVALID", "there is no token");
  if (token.includes("://") && tokensIn(token).length === 0)
    throw usage("the token is a URL: --discover takes no value, and finds the keys of --issuer");
  const others: OtherSecret[] = [];
  const keys = await readSource(call, others);
  const { header, claims, outerHeader } = await verified(call, token, keys, options).catch((thrown) =>
    explain(thrown, token, keys, others),
  );
  return {
    exitCode: DONE,
    json: { ...(outerHeader && { outerHeader }), header, claims },
    text: json(claims, 2),
  };
}

/** Throws the error again, with what the token shows about its cause. */
async function explain(
  thrown: unknown,
  token: string,
  keys: VerificationKeys,
  others: readonly OtherSecret[],
): Promise<never> {
  if (isCountersignError(thrown) && /^TOKEN_/.test(thrown.code) && !isJwe(token)) {
    const why = (await fittingSecret(thrown, token, others)) ?? (await reasonFor(thrown, token, keys));
    if (why !== undefined) thrown.message += `: ${why}`;
  }
  throw thrown;
}

/** What to say if the signature fits the same secret in another encoding. */
async function fittingSecret(
  { code }: { code: string },
  token: string,
  others: readonly OtherSecret[],
): Promise<string | undefined> {
  if (code !== "TOKEN_SIGNATURE_INVALID" || others.length === 0) return undefined;
  const { verify } = await import("../../inline/jwt.js");
  const fits = ({ key }: OtherSecret) => {
    try {
      verify(token, key, { ignoreAudience: true });
      return true;
    } catch (thrown) {
      // Claims are looked at only after the signature.
      return isCountersignError(thrown) && thrown.code !== "TOKEN_SIGNATURE_INVALID";
    }
  };
  return others.find(fits)?.advice;
}

async function reasonFor(
  { code, message }: { code: string; message: string },
  token: string,
  keys: VerificationKeys,
): Promise<string | undefined> {
  const { reportOnToken } = await import("../../report/token.js");
  const { findings, header } = reportOnToken(token, 0);
  if (code === "TOKEN_ALGORITHM_MISMATCH") {
    const { Key } = await import("../../inline/jwt.js");
    const known = SIGNATURE_ALGORITHMS.find((alg) => alg === header?.alg);
    return keys instanceof Key && known !== undefined
      ? `the token says ${known}, the key is for ${keys.alg}`
      : undefined;
  }
  // The report names first what surrounds a token.
  const first = findings[0]?.message ?? "";
  if (!isCompact(token) && (bareToken(token).around.length > 0 || first.startsWith("this is ")))
    return first.replace(/only the token was looked at$/, "give the token alone");
  const cut = findings.find((finding) => finding.message.endsWith("missing: the token was cut"));
  if (cut !== undefined) return cut.message;
  return /^signature /.test(message)
    ? findings.find((finding) => /^the signature (has|is) /.test(finding.message))?.message
    : undefined;
}

/** The sources of keys; `secret` stands for its four options. */
const SOURCES = ["key", "jwks", "discover", "secret", "secret-file", "secret-env", "secret-stdin"] as const;

function expectOneSource(call: Call): void {
  const given = SOURCES.filter((name) => call.has(name));
  if (given.length === 0) throw usage("say where the keys are: --key FILE, --jwks URL, --discover, or --secret-file");
  if (given.length > 1) throw usage(`--${given[0]} and --${given[1]} exclude each other`);
}

async function readSource(call: Call, others: OtherSecret[]): Promise<VerificationKeys> {
  const url = call.text("jwks");
  const remote = call.has("allow-insecure-loopback") ? { allowInsecureLoopback: true } : {};
  const alg = call.text("alg") as Algorithm | undefined;
  if (url !== undefined) {
    if (!URL.canParse(url)) throw usage("--jwks is not a URL: name a file with --key");
    if (new URL(url).protocol === "http:" && !call.has("allow-insecure-loopback"))
      throw usage("--jwks is not https: --allow-insecure-loopback allows http for localhost");
    const { RemoteKeySet } = await import("../../inline/jwt.js");
    return new RemoteKeySet(url, { ...remote, ...(alg !== undefined && { alg }) });
  }
  if (call.has("discover")) {
    const { discover, Issuers } = await import("../../issuers.js");
    const [issuer, another] = call.texts("issuer");
    if (issuer === undefined || another !== undefined) throw usage("--discover needs one --issuer, an https URL");
    return new Issuers(await discover(issuer, remote));
  }
  return (await readSecretKey(call, others)) ?? readFiles(call);
}

async function readFiles(call: Call): Promise<VerificationKeys> {
  const passphrase = new Passphrase(call);
  const paths = call.texts("key");
  const files = [];
  for (const path of paths) files.push(await readKeys(call, path, passphrase));
  for (const [index, { rejected }] of files.entries()) {
    for (const { index: place, message } of rejected) {
      call.warn(`${shown(paths[index] ?? "")}: key ${place} is left out: ${shown(message)}`);
    }
  }
  const now = readNow(call).getTime() / 1000;
  const found = files.flatMap(({ keys }) => keys);
  if (found.length === 0) throw new Failure("INPUT_INVALID", "there is no usable key");
  const live = found.filter(({ jwk }) => typeof jwk?.exp !== "number" || now < jwk.exp);
  if (live.length === 0) throw new Failure("INPUT_INVALID", "the exp of every key has passed");
  // A key alone verifies whatever `kid` a token names.
  const [only, another] = live;
  const alg = call.text("alg") as Algorithm | undefined;
  if (only !== undefined && another === undefined && only.form !== "JWK Set" && !isEncryptionKey(only.key)) {
    const key = only.key.type === "private" ? only.key.publicKey() : only.key;
    return alg === undefined || key.alg === alg ? key : key.withAlg(alg);
  }
  return setOf(live.map(({ key }) => key));
}

interface Answer extends Verified {
  outerHeader?: object;
}

async function verified(call: Call, token: string, keys: VerificationKeys, options: VerifyOptions): Promise<Answer> {
  const { Verifier } = await import("../../inline/jwt.js");
  // The issuers name the issuer themselves.
  const { issuer: _, ...others } = options;
  const verifier = new Verifier(keys, call.has("discover") ? others : options);
  const path = call.text("decryption-key");
  if (path === undefined) {
    if (isJwe(token)) throw usage("the token is encrypted: give --decryption-key");
    return verifier.verifyAsync(token);
  }
  const { key } = onlyKey(await readKeys(call, path), undefined, path);
  if (!isEncryptionKey(key)) throw usage("--decryption-key is a key for signatures: give --alg, or a JWK with alg");
  const { decrypt } = await import("../../inline/jwe.js");
  const { header: outerHeader, plaintext } = decrypt(token, key, { cty: "JWT" });
  return { outerHeader, ...(await verifier.verifyAsync(new TextDecoder().decode(plaintext))) };
}

function readOptions(call: Call): VerifyOptions {
  const issuer = call.texts("issuer");
  const audience = call.texts("audience");
  if (!call.has("any")) {
    const missing = [issuer.length === 0 && "--issuer", audience.length === 0 && "--audience"].filter(Boolean);
    if (missing.length > 0)
      throw usage(`say what you expect: give ${missing.join(" and ")}, or --any to accept every one`);
  }
  const [subject, typ] = [call.text("subject"), call.text("typ")];
  const profile = call.text("profile") as VerifyOptions["profile"] | undefined;
  const [maxAge, clockTolerance] = [readDuration(call, "max-age"), readDuration(call, "clock-tolerance")];
  const requiredClaims = call.texts("required-claim");
  return {
    ...(issuer.length > 0 && { issuer }),
    ...(audience.length > 0 ? { audience } : { ignoreAudience: true }),
    ...(subject !== undefined && { subject }),
    ...(typ !== undefined && { typ }),
    ...(profile !== undefined && { profile }),
    ...(requiredClaims.length > 0 && { requiredClaims }),
    ...(maxAge !== undefined && { maxAge }),
    ...(clockTolerance !== undefined && { clockTolerance }),
    ...(call.has("allow-missing-expiry") && { allowMissingExpiry: true }),
    ...(call.has("allow-numeric-subject") && { allowNumericSubject: true }),
    ...(call.has("max-token-length") && { maxTokenLength: call.count("max-token-length") as number }),
    ...(call.has("now") && { now: readNow(call) }),
  };
}
