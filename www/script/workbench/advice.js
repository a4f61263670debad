/** The one thing to do next, and where it can be done here, a button that does it. */

import { bareToken } from "/report/bare-token.js";
import { reportOnKeys } from "/report/key.js";
import { shown } from "/report/text.js";
import { encryptionKeys } from "./key-reading.js";
import { quoted } from "./quoted.js";

export const ENCRYPTED_ADVICE = {
  nested: { text: "The content is a signed token. Check it with the key of its issuer." },
};

/** `{ text, action }` for what a judgment found. An action says what to change: `token`, `key` or `demands`. */
export function adviceFor(found) {
  const { error, missing, withoutKey } = found;
  if (missing !== undefined) return forMissing(found);
  if (withoutKey !== undefined) return forNoKey(found);
  return (BY_CODE[error.code] ?? unknown)(found);
}

const unknown = () => null;

/** Whether a token says that it has no signature. */
export const isUnsigned = ({ header }) => String(header?.alg).toLowerCase() === "none";

const UNSIGNED = { text: "Refuse it. Anybody can write a token without a signature." };

/** Values in a sentence, at most five. */
const listed = (values) =>
  values.length > 5 ? `${values.slice(0, 5).map(quoted).join(", ")} and others` : values.map(quoted).join(" and ");

/** Whether two names differ only in the case of their letters, in the slash at their end or in `http:` and `https:`. */
function isNear(left, right) {
  const bare = (text) =>
    text
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, "")
      .replace(/\/+$/, "");
  return bare(left) === bare(right);
}

/* -- what is not there -- */

function forMissing({ missing, claims }) {
  const names = missing.join(" and ");
  const values = Object.fromEntries(
    missing.map((name) => [name, name === "issuer" ? claims?.iss : [claims?.aud].flat()[0]]),
  );
  const isComplete = Object.values(values).every((value) => typeof value === "string" && value !== "");
  return {
    text: `Fill in the ${names} that your server accepts. A token for somebody else has a valid signature, too.`,
    ...(isComplete && { action: { label: "Take them from the token, to try", demands: values } }),
  };
}

function forNoKey({ withoutKey, report, reading }) {
  if (withoutKey === "passphrase")
    return { text: "Give the passphrase of the key.", action: { label: "Go to the passphrase", focus: "key" } };
  if (withoutKey === "url") {
    return {
      text: "Fetch the keys from the URL, or open it in a tab and paste what it shows.",
      action: { label: "Open “Fetch keys”", propose: reading.url },
    };
  }
  const isHmac = String(report.header?.alg).startsWith("HS");
  if (withoutKey === "refused" && reading.isTooShort && isHmac) {
    return {
      text: "Use a longer secret. To look at old tokens only, accept the short one.",
      action: { label: "Accept the short secret", key: { allowShort: true, ...algorithmOf(report) } },
    };
  }
  const isSecret = reading.secret !== undefined || reading.isTooShort;
  if (withoutKey === "refused" && reading.other !== undefined)
    return { text: "Paste its key.", actions: reading.other.actions };
  if (withoutKey === "refused" && !(isSecret && !isForSecret(report)))
    return { text: "Paste another key.", action: { label: "Go to the key", focus: "key" } };
  const other = forItsIssuer(report);
  if (other !== undefined) return { text: other };
  return { text: neededKey(report), action: { label: "Go to the key", focus: "key" } };
}

/** Whether a token is signed or encrypted with a secret or a password, going by its header. */
export function isForSecret({ header }) {
  return /^(HS|dir$|A\d|PBES2)/.test(String(header?.alg));
}

function algorithmOf({ header }) {
  return typeof header?.alg === "string" && header.alg.startsWith("HS") ? { alg: header.alg } : {};
}

/** The finding about a token that only its issuer can check or decrypt. */
function forItsIssuer({ findings }) {
  const message = findings.find(({ message: said }) => / alone can check |^only its issuer /.test(said))?.message;
  return message === undefined ? undefined : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

/** Which key a token needs, going by what it says about itself. */
function neededKey({ kind, header, claims }) {
  const alg = String(header?.alg);
  const kid = typeof header?.kid === "string" ? ` with the kid ${quoted(header.kid)}` : "";
  if (kind === "JWE") {
    if (alg.startsWith("PBES2")) return "Paste the password that it was encrypted with.";
    if (/^(dir$|A\d)/.test(alg)) return `Paste the secret for ${quoted(alg)}.`;
    return `Paste the private key${kid} for ${quoted(alg)}.`;
  }
  if (alg.startsWith("HS")) return "Paste the secret that signed it.";
  const where =
    typeof claims?.iss === "string" && /^https:/.test(claims.iss)
      ? `, or fetch the key set of ${quoted(claims.iss)}`
      : "";
  return `Paste the public key${kid} of its issuer${where}.`;
}

/* -- what is wrong -- */

const BY_CODE = {
  TOKEN_MALFORMED({ token, report, isEncrypted, length }) {
    const { token: bare } = bareToken(token);
    if (bare !== token)
      return {
        text: "Something was copied along that does not belong to the token.",
        action: { label: "Remove it", token: bare },
      };
    const count = token.split(".").length;
    if (count !== 3 && count !== 5 && report?.header === null)
      return { text: "Copy the whole token: three or five parts with dots between." };
    if (isEncrypted || report?.header === null || length !== undefined)
      return { text: "Copy the token again: it may have been cut short or changed on its way." };
    return { text: "Copy the token again. If it stays like this, its issuer writes what the standards forbid." };
  },
  TOKEN_TOO_LONG: () => ({
    text: "If your tokens are really this long, raise the option maxTokenLength. Otherwise this is something else.",
  }),
  TOKEN_HEADER_INVALID: () => ({ text: "Ask its issuer: no option accepts this header." }),
  TOKEN_ALGORITHM_MISMATCH(found) {
    const { report, keys = [] } = found;
    if (isUnsigned(report)) return UNSIGNED;
    if (isForSecret(report) && keys.length > 0 && keys.every(({ key }) => key.type !== "secret")) {
      return {
        text: "Refuse it. It claims to be signed with a secret, and your key is a public one, which everybody knows: attackers try this.",
      };
    }
    return (
      chooseAlgorithm(found) ?? {
        text: `Use the key that its issuer publishes for ${quoted(report.header?.alg)}. Never let a token choose the algorithm of your key.`,
      }
    );
  },
  KEY_NOT_FOUND(found) {
    const { report, keys = [], isEncrypted } = found;
    const isOther = isEncrypted && keys.every(({ key }) => key.alg !== report.header.alg);
    if (isOther) return forDecryption(found);
    if (isUnsigned(report)) return UNSIGNED;
    if (typeof report.header?.kid !== "string")
      return {
        text: `The key set has no key for ${quoted(report.header?.alg)}. Fetch the set again, or that of another issuer.`,
        action: { label: "Go to the key", focus: "key" },
      };
    const kids = keys.map(({ key }) => key.kid).filter(Boolean);
    const known =
      kids.length === 0
        ? ""
        : ` It has ${kids.slice(0, 5).map(quoted).join(", ")}${kids.length > 5 ? " and others" : ""}.`;
    return {
      text: `The key set has no key with the kid ${quoted(report.header.kid)}.${known} Fetch the set again, or that of another issuer.`,
      action: { label: "Go to the key", focus: "key" },
    };
  },
  KEY_AMBIGUOUS: ({ report }) => ({
    text:
      report.header?.kid === undefined
        ? "Several keys of the set are for its algorithm, and it has no kid. Paste the right key alone, or ask its issuer for tokens with a kid."
        : "Give each key of the set a kid of its own, or paste the one key alone.",
    action: { label: "Go to the key", focus: "key" },
  }),
  KEY_USAGE: (found) =>
    found.isEncrypted && arePublic(encryptionKeys(found.reading.file))
      ? forDecryption(found)
      : {
          text: "Paste a key that may be used for this: its use or key_ops forbid it.",
          action: { label: "Go to the key", focus: "key" },
        },
  KEY_INVALID: (found) =>
    found.isEncrypted
      ? forDecryption(found)
      : (chooseAlgorithm(found) ?? { text: "Paste another key.", action: { label: "Go to the key", focus: "key" } }),
  TOKEN_SIGNATURE_INVALID({ hint, reading, report, length }) {
    if (length !== undefined) return { text: onLength(length) };
    if (hint !== undefined) {
      const isTrimmed = hint.encoding === "text";
      return isTrimmed
        ? {
            text: "The signature fits the secret without the white space around it.",
            action: { label: "Remove the white space", key: { text: reading.secret.trim(), ...algorithmOf(report) } },
          }
        : {
            text: `The signature fits if the secret is ${hint.encoding}: it stands for bytes, and is not the text itself.`,
            action: { label: `Read it as ${hint.encoding}`, key: { encoding: hint.encoding } },
          };
    }
    const other = forItsIssuer(report);
    if (other !== undefined) return { text: other };
    const named = typeof report.header?.kid === "string" ? `, with the kid ${quoted(report.header.kid)}` : "";
    return {
      text: `Check that the key is that of the same issuer and environment${named}. If it is, the token was changed: refuse it.`,
    };
  },
  CLAIM_INVALID({ error, demands, report }) {
    const option = { iss: "issuer", aud: "audience", sub: "subject" }[error.claim];
    if (option === undefined || !demands?.[option])
      return {
        text: "Ask its issuer for a token whose claims have the right types, or look for the option that accepts it below.",
      };
    const values = [report.claims?.[error.claim]].flat();
    const has = `You require the ${option} ${quoted(demands[option])}, and the token has ${listed(values)}.`;
    const near = values.find((value) => typeof value === "string" && isNear(value, demands[option]));
    return near === undefined
      ? { text: `${has} If that is somebody else, refuse it.` }
      : {
          text: `${has} Both have to be the same to the letter, also the slash at the end.`,
          action: { label: "Take it from the token, to try", demands: { [option]: near } },
        };
  },
  CLAIM_MISSING: ({ error }) =>
    error.claim === "exp"
      ? {
          text: "Ask its issuer for tokens that expire. Until then, the option allowMissingExpiry accepts it.",
          action: { label: "Accept it, to try", demands: { allowMissingExpiry: true } },
        }
      : { text: `Ask its issuer for the claim ${quoted(error.claim)}, or do not require it.` },
  TOKEN_EXPIRED: ({ report, now }) =>
    now - report.claims?.exp <= 60
      ? {
          text: "It expired just now. If clocks differ, allow some tolerance.",
          action: { label: "Allow 60 s", demands: { clockTolerance: "60s" } },
        }
      : { text: "Get a new token: refresh it, or log in again." },
  TOKEN_NOT_YET_VALID: () => ({ text: "Wait, or correct the clock that is wrong." }),
  TOKEN_ISSUED_IN_FUTURE: () => ({
    text: "Correct the clock of the issuer or your own. For seconds, allow some tolerance.",
    action: { label: "Allow 60 s", demands: { clockTolerance: "60s" } },
  }),
  TOKEN_TOO_OLD: () => ({ text: "Get a new token: this one is older than you accept." }),
  DECRYPTION_FAILED: () => ({
    text: "Use the key that it was encrypted for. Why decryption failed is not told, because attackers could use it.",
  }),
  OPTION_INVALID: () => ({ text: "Correct what you require: durations are written as 90s, 15m, 2h or 1d." }),
};

/** The advice for a signature of another length. */
function onLength(length) {
  if (/ in DER,/.test(length))
    return "Tell its issuer: a signature in DER has to be converted before it becomes part of a token.";
  if (/ added /.test(length)) return "Copy the token again, without what follows it.";
  return "Copy the token again: it may have been cut short.";
}

/** Which key decrypts, if not one that was given. */
function forDecryption(found) {
  const chosen = chooseAlgorithm(found);
  if (chosen !== undefined) return chosen;
  const { reading, report } = found;
  const action = { label: "Go to the key", focus: "key" };
  const keys = reading.file?.keys ?? [];
  if (isForSecret(report) || !arePublic(keys)) return { text: neededKey(report), action };
  const which = keys.length === 1 ? "this is a public key" : "these are public keys";
  return { text: `Paste the private key for encryption; ${which}.`, action };
}

const arePublic = (keys) => keys.length > 0 && keys.every(({ key }) => key.type === "public");

/** Whether a person can choose the algorithm of a token for the key that was given. */
export const canChooseAlgorithm = (found) => chooseAlgorithm(found) !== undefined;

/** A key that does not say its algorithm: a person may say it, the token may not. */
function chooseAlgorithm({ report, reading }) {
  const { alg, enc } = report.header ?? {};
  if (typeof alg !== "string") return undefined;
  const value = alg === "dir" ? `dir ${enc}` : alg;
  const text = `The key does not say what it is for. If you know that it is for ${quoted(value)}, choose that.`;
  const action = { label: `Choose ${shown(value)}`, key: { alg: value } };
  // Chosen already: choosing it again would change nothing.
  if (reading.given?.alg === value) return undefined;
  if (reading.secret !== undefined) return isForSecret(report) ? { text, action } : undefined;
  if (reading.state !== "ready") return undefined;
  const { keys } = reportOnKeys(reading.file, Date.now() / 1000);
  const isFree = (key, { jwk, key: { type } }) =>
    report.kind === "JWE" ? type !== "public" && jwk?.alg === undefined && jwk?.use !== "sig" : key.alg === null;
  const fits = keys.some((key, index) => isFree(key, reading.file.keys[index]) && key.fits.includes(alg));
  return fits ? { text, action } : undefined;
}
