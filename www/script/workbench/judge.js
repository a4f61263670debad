/** Judges a token in the order of trust: form, header, key, signature, claims. The package decides; this says how far it got. */

import { Key, KeySet, verify } from "/pkg/dist/inline/jwt.js";
import { durationInWords, shown } from "/report/text.js";
import { reportOnToken, whyOtherLength } from "/report/token.js";
import { meaningOf, STEPS, stepOf } from "../codes.js";
import { adviceFor, canChooseAlgorithm, ENCRYPTED_ADVICE, isForSecret, isUnsigned } from "./advice.js";
import { objectIn, textOf } from "./content.js";
import { ENCODINGS, encryptionKeys, signingKeys } from "./key-reading.js";
import { enableFor } from "./post-quantum.js";
import { quoted } from "./quoted.js";

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
 * It is `"unchecked"` if only the key is at fault: that says nothing about the token.
 * `state` is `"empty"`, `"unchecked"`, `"invalid"`, `"partly"` or `"valid"`. `steps` has a state for each check: it has `passed`,
 * has `refused` the token, or is `unchecked`. `advice` is what to do next. `exp` is when the token expires, if nobody checked that.
 */
export async function judge({ token, reading, demands, now }) {
  if (token === "") return { state: "empty", steps: [] };
  if (MAX_LENGTH < token.length) return tooLong(token);
  const report = reportOnToken(token, now);
  const given = { token, reading, demands, now, report };
  await enableFor(String(report.header?.alg));
  // The package refuses a token with anything around it.
  const isEncrypted = report.kind === "JWE" && token.split(".").length === 5 && !/[^\w.=-]/.test(token);
  return isEncrypted ? judgeEncrypted(given) : judgeSigned(given);
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
  if (["form", "header"].includes(stepOf(early))) {
    return signedRefused({ ...given, keys: reading.file && signingKeys(reading.file) }, early);
  }
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
  const { report, keys } = given;
  const length = /^signature/.test(error.message) ? wrongLength(given) : undefined;
  const hint = error.code === "TOKEN_SIGNATURE_INVALID" && length === undefined ? otherSecret(given) : undefined;
  const judgment = { ...refused(STEPS, error, step), report, advice: adviceFor({ ...given, error, hint, length }) };
  const more = detailOf(error, given);
  if (more !== undefined) judgment.detail = more;
  if (length !== undefined) {
    judgment.detail = `${length}.`;
    judgment.steps.find(({ id }) => id === step).what = length;
  }
  // Without a kid, only the signature tells whose key it is.
  const isNamed = keys?.some(({ key }) => key.kid !== undefined && key.kid === report.header?.kid);
  if (step === "signature" && !isNamed) {
    const named = judgment.steps.find(({ id }) => id === "key");
    Object.assign(named, {
      state: "partly",
      what: "its algorithm fits; whether it is the right key, the signature tells",
    });
  }
  return judgment;
}

/** The detail of an error, where the token tells more than the code. */
function detailOf({ code, claim }, { report, demands, now }) {
  const { exp, nbf } = report.claims ?? {};
  if (code === "TOKEN_EXPIRED" && typeof exp === "number")
    return `It is authentic, but it expired ${inWords(now - exp)} ago.`;
  if (code === "TOKEN_NOT_YET_VALID" && typeof nbf === "number")
    return `It is authentic, but it becomes valid in ${inWords(nbf - now)}.`;
  const option = { iss: "issuer", aud: "audience", sub: "subject" }[claim];
  if (code === "CLAIM_INVALID" && demands[option])
    return `It is authentic, but it has another ${option} than you require.`;
  if (step(code) !== "key") return undefined;
  if (isUnsigned(report)) return "Nobody signed it: its header says that it has no signature.";
  const hasKid = typeof report.header?.kid === "string";
  return code === "KEY_NOT_FOUND" && !hasKid
    ? "Its header has no key ID, and no key of the set is for its algorithm."
    : undefined;
}

const step = (code) => stepOf({ code, message: "" });

/** What is wrong with the length of a signature, if its algorithm or the RSA key leaves no choice. */
function wrongLength({ report, keys = [] }) {
  const found = report.findings.find(({ message }) => /^the signature has \d+ bytes; /.test(message));
  if (found !== undefined) return upperFirst(shown(found.message));
  const { signatureBytes, header } = report;
  const modulus = keys.length === 1 && /^[RP]S/.test(header?.alg) ? keys[0].key.modulusLength : undefined;
  const bytes = modulus === undefined ? signatureBytes : Math.ceil(modulus / 8);
  if (signatureBytes === bytes) return undefined;
  return `The signature has ${signatureBytes} bytes; one of ${header.alg} with this key has ${bytes}: ${whyOtherLength(signatureBytes, bytes)}`;
}

const upperFirst = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

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
  const keys = reading.state === "ready" ? encryptionKeys(reading.file) : [];
  if (keys.length === 0 && (reading.state === "ready" || canChooseAlgorithm(given))) {
    return encryptedRefused(given, { code: "KEY_INVALID", message: whyNotForEncryption(given) }, "key");
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

function whyNotForEncryption(given) {
  const { reading, report } = given;
  const { alg } = report.header;
  if (canChooseAlgorithm(given)) return `the key has no algorithm of encryption yet, and the token is for ${alg}`;
  if (reading.file.keys.length === 0) return "the set has no usable key";
  if (reading.file.keys.every(({ key }) => key.type === "public")) return "a public key cannot decrypt";
  return `the key is not for encryption, and the token is for ${alg}`;
}

function decrypted({ report, demands }, plaintext) {
  const steps = stepsOf(ENCRYPTED_STEPS, ENCRYPTED_STEPS.length - 1);
  steps.at(-1).state = "unchecked";
  const content = textOf(plaintext);
  const isToken = content !== undefined && /^ey[\w-]+\.[\w-]*\.[\w-]*$/.test(content.trim());
  const isShared = /^(dir$|A\d|PBES2)/.test(report.header.alg);
  const claims = objectIn(content);
  return {
    state: "partly",
    title: "Decrypted",
    detail: isShared
      ? "Somebody with the same secret encrypted it."
      : "Anybody with the public key can have encrypted it.",
    exp: claims?.exp,
    steps,
    scope: {
      checked: ["it was encrypted for this key", "nobody has changed it since"],
      unchecked: [
        isShared ? "which of those with the secret wrote it" : "who wrote it",
        ...uncheckedClaims(claims, demands),
      ],
    },
    report,
    content: content ?? plaintext,
    advice: isToken
      ? { ...ENCRYPTED_ADVICE.nested, action: { label: "Check the token inside", token: content.trim() } }
      : null,
  };
}

/** What nobody checks of decrypted claims: whoever encrypted them can have written anything. */
function uncheckedClaims(claims, demands) {
  const named = [
    ["exp", "whether it has expired", claims],
    ["iss", "the issuer", claims || demands.issuer],
    ["aud", "the audience", claims || demands.audience],
    ["sub", "the subject", demands.subject],
  ];
  const isMissing = (claim) => claims !== undefined && claims[claim] === undefined;
  return named
    .filter(([, , isListed]) => isListed)
    .map(([claim, words]) => `${words} (${isMissing(claim) ? `${claim}, which it lacks` : claim})`);
}

/** Only a private key or a secret decrypts: that another one was given says nothing about the token. */
function encryptedRefused(given, error, step) {
  const { report, reading } = given;
  const judgment = refused(ENCRYPTED_STEPS, error, step);
  if (step === "key") Object.assign(judgment, { state: "unchecked", title: "Not checked" });
  const { alg } = report.header ?? {};
  const keys = reading.file === undefined ? [] : encryptionKeys(reading.file);
  if (error.code === "KEY_NOT_FOUND" && keys.every(({ key }) => key.alg !== alg)) {
    judgment.detail = `No key that you gave is for ${quoted(alg)}.`;
  }
  return { ...judgment, report, advice: adviceFor({ ...given, keys, error, isEncrypted: true }) };
}

/* -- both -- */

function withoutKey(given, all) {
  const { report, reading } = given;
  const isMissing = reading.state === "none";
  const isOtherKind = (reading.secret !== undefined || reading.isTooShort) && !isForSecret(report);
  const why = {
    none: "There is no key yet.",
    url: "The key is a URL, and nothing was fetched from it.",
    passphrase: "The key is encrypted.",
    refused:
      reading.other !== undefined
        ? `${reading.other.text}`
        : isOtherKind
          ? `The key is a secret, and the token is for ${quoted(report.header?.alg)}.`
          : `The key cannot be used: ${reading.message}.`,
  };
  const length = report.kind === "JWS" ? wrongLength(given) : undefined;
  // The header of an encrypted token may repeat claims (RFC 7519 §5.3).
  const claimed = report.kind === "JWE" ? report.header : report.claims;
  const steps = stepsOf(all, 2);
  if (!isMissing && reading.state === "refused") steps[2].state = "refused";
  return {
    state: "unchecked",
    title: "Not checked",
    detail: [why[reading.state], length && `${length}.`].filter(Boolean).join(" "),
    exp: claimed?.exp,
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

/** The detail of a judgment at a time: that the token has expired, going by what it says. */
export function detailAt({ detail, exp }, now) {
  return `${detail ?? ""}${expiry(exp, now)}`;
}

function expiry(exp, now) {
  return typeof exp !== "number" || now < exp ? "" : ` It says that it expired ${inWords(now - exp)} ago.`;
}

/** A duration. The largest unit is enough, so that the result changes rarely. */
function inWords(seconds) {
  return seconds < 60 ? "less than 1 min" : durationInWords(seconds).split(" ").slice(0, 2).join(" ");
}

/** Errors that only the key is to blame for. */
const KEY_FAULTS = ["KEY_INVALID", "KEY_USAGE", "KEY_TOO_WEAK"];

function refused(all, error, step) {
  const at = all.findIndex(({ id }) => id === step);
  const steps = stepsOf(all, Math.max(at, 0));
  // Beside a failed check, a description of the check would read as if it had passed.
  if (steps[at] !== undefined) Object.assign(steps[at], { state: "refused", what: shown(error.message) });
  const isKeyFault = KEY_FAULTS.includes(error.code);
  return {
    state: isKeyFault ? "unchecked" : "invalid",
    title: isKeyFault ? "Not checked" : "Not valid",
    detail: meaningOf(error),
    error: { code: error.code, message: error.message },
    steps,
  };
}

function stepsOf(all, passed) {
  return all.map((step, index) => ({ ...step, state: index < passed ? "passed" : "unchecked" }));
}
