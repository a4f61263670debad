/** Judges a token in the order of trust: form, header, key, signature, claims. The package decides; this says how far it got. */

import { Key, KeySet, verify } from "/pkg/dist/inline/jwt.js";
import { reportOnToken } from "/report/token.js";
import { meaningOf, STEPS, stepOf } from "../codes.js";
import { adviceFor, ENCRYPTED_ADVICE } from "./advice.js";
import { ENCODINGS, encryptionKeys, signingKeys } from "./key-reading.js";
import { enableFor } from "./post-quantum.js";

/** Longer texts are not even taken apart. The package refuses tokens of more than 16384 bytes. */
const MAX_LENGTH = 1_000_000;

/** The steps of an encrypted token. Up to the key they are the same. */
const ENCRYPTED_STEPS = [
  { id: "form", name: "Form", what: "five parts of strict base64url, not too long" },
  { id: "header", name: "Header", what: "an algorithm and a content encryption that are accepted" },
  { id: "key", name: "Key", what: "it is for this algorithm, and can decrypt" },
  { id: "decryption", name: "Decryption", what: "the content was encrypted for this key, and nobody changed it" },
  { id: "author", name: "Author", what: "decrypting does not tell who wrote it" },
];

/**
 * The judgment of a token.
 *
 * `state` is `"empty"`, `"unchecked"`, `"invalid"`, `"partly"` or `"valid"`. `steps` has a state for each check: it has `passed`,
 * has `refused` the token, or is `unchecked`. `advice` is what to do next.
 */
export async function judge({ token, reading, demands, now }) {
  if (token === "") return { state: "empty", steps: [] };
  if (MAX_LENGTH < token.length) return tooLong(token);
  const report = reportOnToken(token, now);
  const given = { token, reading, demands, now, report };
  await enableFor(String(report.header?.alg));
  return token.trim().split(".").length === 5 ? judgeEncrypted(given) : judgeSigned(given);
}

function tooLong(token) {
  const error = { code: "TOKEN_TOO_LONG", message: `it has ${token.length} characters` };
  return { ...refused(STEPS, error, "form"), advice: adviceFor({ error }) };
}

/* -- signed -- */

/** A key that has signed nothing. With it, only what is wrong whatever the key is can be found. */
let nobody;

function judgeSigned(given) {
  const { token, reading } = given;
  nobody ??= Key.generate("HS256", { kid: "nobody" });
  const early = errorOf(() => verify(token, nobody, { ignoreAudience: true }));
  if (["form", "header"].includes(stepOf(early))) return signedRefused(given, early);
  if (reading.state !== "ready") return withoutKey(given, STEPS);

  const keys = signingKeys(reading.file);
  if (keys.length === 0) {
    const message = reading.file.keys.length === 0 ? "the set has no usable key" : "the key is for encryption";
    return signedRefused(given, { code: "KEY_INVALID", message }, "key");
  }
  const made = [];
  try {
    verify(token, checkerOf(reading.file, keys, made), optionsOf(given));
    return accepted(given, keys);
  } catch (error) {
    if (error.code === "OPTION_INVALID") return unreadableDemands(error);
    return signedRefused({ ...given, keys }, error, stepOf(error) ?? "key");
  } finally {
    for (const each of made) each.free();
  }
}

const errorOf = (work) => {
  try {
    work();
    return { code: "" };
  } catch (error) {
    return error;
  }
};

/** One key, or a set, in which the `kid` chooses. `made` receives what has to be freed. */
function checkerOf(file, keys, made) {
  const kept = (value) => made[made.push(value) - 1];
  const halves = keys.map(({ key }) => (key.type === "private" ? kept(key.publicKey()) : key));
  return file.form === "JWK Set" ? kept(new KeySet(halves)) : halves[0];
}

function optionsOf({ demands, now }) {
  const { issuer, audience, ...others } = demands;
  return {
    ...others,
    ...(issuer && { issuer }),
    // Without an audience the claim is not checked, and the result says so.
    ...(audience ? { audience } : { ignoreAudience: true }),
    now: new Date(now * 1000),
  };
}

function accepted(given, keys) {
  const { report, demands } = given;
  const { claims, header } = report;
  const has = (name) => claims?.[name] !== undefined;
  const missing = [
    ["issuer", "iss"],
    ["audience", "aud"],
  ].filter(([option]) => !demands[option]);
  const checked = [
    `the signature, with ${header?.alg}`,
    has("exp") ? "it has not expired" : null,
    has("nbf") || has("iat") ? "its time has begun" : null,
    ...["issuer", "audience", "subject", "typ", "maxAge"]
      .filter((name) => demands[name])
      .map((name) => `the ${WORDS[name]}`),
  ];
  const unchecked = [
    ...missing.map(([option, claim]) => `the ${WORDS[option]} (${has(claim) ? claim : `${claim}, which it lacks`})`),
    "whether it was revoked, and whether its user still exists: only the server knows",
  ];
  const steps = stepsOf(STEPS, STEPS.length);
  const scope = { checked: checked.filter(Boolean), unchecked };
  if (missing.length === 0) {
    return { state: "valid", title: "Valid", detail: "Every check has passed.", steps, scope, report, advice: null };
  }
  const names = missing.map(([option]) => WORDS[option]).join(" and ");
  steps.at(-1).state = "partly";
  return {
    state: "partly",
    title: "Signature valid",
    detail: `Its ${names} ${missing.length === 1 ? "was" : "were"} not checked.`,
    steps,
    scope,
    report,
    advice: adviceFor({ missing: missing.map(([option]) => option), claims }),
    keys,
  };
}

const WORDS = { issuer: "issuer", audience: "audience", subject: "subject", typ: "type", maxAge: "age" };

function signedRefused(given, error, step = stepOf(error)) {
  const { report } = given;
  const hint = error.code === "TOKEN_SIGNATURE_INVALID" ? otherSecret(given) : undefined;
  return { ...refused(STEPS, error, step), report, advice: adviceFor({ ...given, error, hint }) };
}

/** How else the secret can be meant: the signature tells. */
function otherSecret({ token, reading, report }) {
  const alg = report.header?.alg;
  if (reading.secret === undefined || !String(alg).startsWith("HS")) return undefined;
  const text = reading.secret;
  const ways = [
    ...Object.keys(ENCODINGS).map((encoding) => ({ encoding, bytes: ENCODINGS[encoding](text.trim()) })),
    { encoding: "text", bytes: ENCODINGS.text(text) },
  ];
  return ways.find(({ bytes }) => {
    if (bytes === undefined || bytes.length === 0) return false;
    const key = Key.fromSecret(bytes, { alg, allowShort: true });
    const { code } = errorOf(() => verify(token, key, { ignoreAudience: true }));
    key.free();
    return code === "" || stepOf({ code, message: "" }) === "claims";
  });
}

/* -- encrypted -- */

async function judgeEncrypted(given) {
  const { token, reading, report } = given;
  const wrong = report.findings.find(({ level }) => level === "error");
  if (report.header === null || wrong !== undefined) {
    const error = { code: report.header === null ? "TOKEN_MALFORMED" : "TOKEN_HEADER_INVALID", message: wrong.message };
    return encryptedRefused(given, error, report.header === null ? "form" : "header");
  }
  const { header } = report;
  const keys = reading.state === "ready" ? encryptionKeys(reading.file) : [];
  const canChoose = reading.secret !== undefined || reading.state === "ready";
  if (keys.length === 0 && canChoose) {
    const message = `the key has no algorithm of encryption yet, and the token is for ${header.alg}`;
    return encryptedRefused(given, { code: "KEY_INVALID", message }, "key");
  }
  if (keys.length === 0) return withoutKey(given, ENCRYPTED_STEPS);
  const { decryptAsync } = await import("/pkg/dist/inline/jwe.js");
  try {
    const { plaintext } = await decryptAsync(
      token,
      keys.map(({ key }) => key),
    );
    return decrypted(given, plaintext);
  } catch (error) {
    return encryptedRefused(given, error, error.code === "DECRYPTION_FAILED" ? "decryption" : (stepOf(error) ?? "key"));
  }
}

function decrypted({ report }, plaintext) {
  const steps = stepsOf(ENCRYPTED_STEPS, ENCRYPTED_STEPS.length - 1);
  steps.at(-1).state = "unchecked";
  const content = textOf(plaintext);
  const isToken = content !== undefined && /^ey[\w-]+\.[\w-]*\.[\w-]*$/.test(content.trim());
  const isShared = /^(dir$|A\d|PBES2)/.test(report.header.alg);
  return {
    state: "partly",
    title: "Decrypted",
    detail: isShared
      ? "Somebody with the same secret encrypted it."
      : "Anybody with the public key can have encrypted it.",
    steps,
    scope: {
      checked: ["it was encrypted for this key", "nobody has changed it since"],
      unchecked: [isShared ? "which of those with the secret wrote it" : "who wrote it"],
    },
    report,
    content: content ?? plaintext,
    advice: isToken
      ? { ...ENCRYPTED_ADVICE.nested, action: { label: "Check the token inside", token: content.trim() } }
      : null,
  };
}

function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encryptedRefused(given, error, step) {
  return {
    ...refused(ENCRYPTED_STEPS, error, step),
    report: given.report,
    advice: adviceFor({ ...given, error, isEncrypted: true }),
  };
}

/* -- both -- */

function withoutKey(given, all) {
  const { report, reading } = given;
  const isMissing = reading.state === "none";
  const why = {
    none: "There is no key yet.",
    url: "The key is a URL, and nothing was fetched from it.",
    passphrase: "The key is encrypted.",
    refused: `The key cannot be used: ${reading.message}.`,
  };
  const steps = stepsOf(all, 2);
  if (!isMissing && reading.state === "refused") steps[2].state = "refused";
  return {
    state: "unchecked",
    title: "Not checked",
    detail: why[reading.state],
    steps,
    report,
    advice: adviceFor({ ...given, withoutKey: reading.state }),
  };
}

function unreadableDemands(error) {
  const title = "Not checked";
  const detail = `${error.code}: ${error.message}. ${meaningOf(error)}`;
  return { state: "unchecked", title, detail, steps: stepsOf(STEPS, 0), advice: adviceFor({ error }) };
}

function refused(all, error, step) {
  const at = all.findIndex(({ id }) => id === step);
  const steps = stepsOf(all, Math.max(at, 0));
  if (steps[at] !== undefined) steps[at].state = "refused";
  return {
    state: "invalid",
    title: "Not valid",
    detail: meaningOf(error),
    error: { code: error.code, message: error.message },
    steps,
  };
}

function stepsOf(all, passed) {
  return all.map((step, index) => ({ ...step, state: index < passed ? "passed" : "unchecked" }));
}
