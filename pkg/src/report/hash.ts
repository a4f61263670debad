/** What a stored hash is, what is weak about it, and what reads it. */

import type { PasswordDescription } from "../inline/formats.js";
import { isCountersignError } from "./failure.js";
import { limitsAsOption, limitsInWords, neededLimits } from "./needed-limits.js";
import { meaningOfMark } from "./no-password.js";
import { adviceOnRefusal } from "./refused-hash.js";
import type { Finding } from "./token.js";

/** What is said of a stored hash. */
export interface HashReport {
  description: PasswordDescription | null;
  /** Whether it is no hash, but the mark of a user without a password. */
  withoutPassword: boolean;
  /** The imports that read it. */
  readBy: string[];
  findings: Finding[];
}

/** Schemes that computers try fast, whatever their costs. */
const FAST = ["drupal", "md5-crypt", "phpass", "plain-digest", "salted-digest", "sha1-crypt", "aspnet-identity-v2"];

/** The formats that `countersign` reads, if the scheme is not rare. `countersign/formats` reads all. */
const PLAIN_FORMATS = [
  "adonis",
  "aspnet-identity",
  "better-auth",
  "django",
  "mcf",
  "node",
  "passlib",
  "phc",
  "phpass",
  "werkzeug",
  "wordpress",
];

/** The schemes that only `countersign/formats` has. */
const RARE_SCHEMES = [
  "aspnet-identity-v2",
  "drupal",
  "firebase-scrypt",
  "md5-crypt",
  "plain-digest",
  "salted-digest",
  "sha1-crypt",
  "yescrypt",
];

/** The least that OWASP's Password Storage Cheat Sheet wants of a scheme, and what that is called. */
const LEAST: Partial<Record<string, [keyof PasswordDescription, number]>> = {
  bcrypt: ["cost", 10],
  "pbkdf2-sha1": ["iterations", 1_300_000],
  "pbkdf2-sha256": ["iterations", 600_000],
  "pbkdf2-sha512": ["iterations", 210_000],
};

/** Looks at a stored hash. */
export async function reportOnHash(stored: string): Promise<HashReport> {
  const findings: Finding[] = [];
  const mark = meaningOfMark(stored);
  if (mark !== undefined) {
    const message = `${mark}: no password is right`;
    return { description: null, withoutPassword: true, readBy: [], findings: [{ level: "note", message }] };
  }
  const { PasswordHasher } = await import("../inline/formats.js");
  const hasher = new PasswordHasher();
  let description: PasswordDescription;
  try {
    description = hasher.describe(stored);
  } catch (thrown) {
    if (!isCountersignError(thrown)) throw thrown;
    findings.push({ level: "error", message: `${thrown.code}: ${thrown.message}` });
    const advice = adviceOnRefusal(stored, thrown.message);
    if (advice !== undefined) findings.push({ level: "note", message: advice });
    return { description: null, withoutPassword: false, readBy: [], findings };
  }
  const { scheme, format } = description;
  const isPlain = PLAIN_FORMATS.includes(format) && !RARE_SCHEMES.includes(scheme);
  const readBy = ["countersign/formats"];
  if (isPlain) readBy.unshift("countersign", "countersign/password");
  if (isPlain && scheme.startsWith("argon2") && !description.bound) readBy.push("countersign/argon2");
  if (!isPlain) findings.push({ level: "note", message: 'only "countersign/formats" reads it' });
  if (scheme === "plain-digest") {
    findings.push({
      level: "warning",
      message: 'a policy accepts it only if the option "accept" contains "plain-digest"',
    });
  }
  if (description.pepper !== undefined) {
    findings.push({
      level: "note",
      message: 'it needs a secret key: pass the option "pepper" with the key of this id',
    });
  }
  const low = belowOwasp(description);
  if (FAST.includes(scheme)) {
    findings.push({
      level: "warning",
      message: `${scheme} is weak: replace it at the next login with verifyAndUpdate`,
    });
  } else if (low !== undefined) {
    findings.push({ level: "warning", message: `${low}: replace it at the next login with verifyAndUpdate` });
  }
  const isTooHigh = refusal(() => hasher.needsRehash(stored));
  if (isTooHigh !== undefined) {
    const limits = neededLimits(PasswordHasher, stored, description) ?? {};
    const isAdvised = Object.keys(limits).length > 0;
    const advice = isAdvised ? `: needs ${limitsInWords(limits)}: pass ${limitsAsOption(limits)} to the hasher` : "";
    // First, because everything else is of no use before.
    findings.unshift({ level: "error", message: isTooHigh + advice });
  }
  return { description, withoutPassword: false, readBy, findings };
}

/** Which cost is lower than in the weakest settings that OWASP recommends. */
function belowOwasp(description: PasswordDescription): string | undefined {
  const { scheme, memoryKib, passes, cost, blockSize, parallelism } = description;
  if (/^argon2/.test(scheme) && memoryKib !== undefined && passes !== undefined) {
    return memoryKib < 7168 || memoryKib * passes < 5 * 7168
      ? "its memory and passes are below those that OWASP recommends"
      : undefined;
  }
  if (blockSize !== undefined && parallelism !== undefined && cost !== undefined && scheme !== "yescrypt") {
    return 2 ** cost * blockSize * parallelism < 2 ** 13 * 8 * 10
      ? "its costs are below those that OWASP recommends"
      : undefined;
  }
  const [name, least] = LEAST[scheme] ?? [];
  const value = name === undefined ? undefined : description[name];
  return typeof value === "number" && least !== undefined && value < least
    ? `${name} is below the ${least} that OWASP recommends`
    : undefined;
}

function refusal(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    if (!isCountersignError(thrown)) throw thrown;
    return `${thrown.code}: ${thrown.message}`;
  }
}
