// What the declarations of passwords must accept and refuse. This file is compiled but never run. If the line below a
// `@ts-expect-error` compiles, the compiler reports it.

import type { closePasswordPool } from "countersign";
import * as argon2 from "countersign/argon2";
import { type BetterAuthPassword, betterAuthPassword, type Hasher, type Rehash } from "countersign/better-auth";
import * as formats from "countersign/formats";
import {
  configurePasswordPool,
  hashPassword,
  hashPasswordAsync,
  type NewPasswordScheme,
  type PasswordAsyncOptions,
  type PasswordCallOptions,
  type PasswordDescription,
  PasswordHasher,
  type PasswordPolicy,
  type PasswordPoolOptions,
  type PasswordScheme,
  type PasswordUpdate,
  type PasswordVerdict,
  type Pepper,
  verifyPassword,
  verifyPasswordAsync,
} from "countersign/password";
import { breachCount, checkPassword, type PasswordReason, type PasswordReport } from "countersign/strength";
import { proven, type Same } from "./same.js";

// Policies -----------------------------------------------------------------------------------------------------------
new PasswordHasher();
new PasswordHasher({});
new PasswordHasher({ params: { memoryKib: 19456, passes: 2, lanes: 1 } });
new PasswordHasher({ scheme: "argon2id", params: { memoryKib: 19456 } });
new PasswordHasher({ scheme: "scrypt", params: { cost: 16, blockSize: 8, parallelism: 2 } });
new PasswordHasher({ scheme: "bcrypt", params: { cost: 12 } });
new PasswordHasher({ scheme: "pbkdf2-sha256", params: { iterations: 600_000 } });
new PasswordHasher({ scheme: "pbkdf2-sha512", params: { iterations: 220_000 } });
new PasswordHasher({ scheme: "scrypt" });
// With a scheme that is known only at run time, the costs have their defaults.
export const chosen = (scheme: NewPasswordScheme): PasswordHasher => new PasswordHasher({ scheme });
// @ts-expect-error a misspelled option
new PasswordHasher({ schema: "bcrypt" });
// @ts-expect-error not a scheme for new hashes
new PasswordHasher({ scheme: "argon2d" });
// @ts-expect-error a scheme is not `null`
new PasswordHasher({ scheme: null });
// @ts-expect-error params are an object of numbers
new PasswordHasher({ params: { memoryKib: "19456" } });
// @ts-expect-error a misspelled cost
new PasswordHasher({ params: { memory: 1 } });
// @ts-expect-error without a scheme, the parameters are those of Argon2id
new PasswordHasher({ params: { cost: 12 } });
// @ts-expect-error the same, beside a parameter of Argon2id
new PasswordHasher({ params: { passes: 2, iterations: 1000 } });
// @ts-expect-error the same, with the scheme named
new PasswordHasher({ scheme: "argon2id", params: { parallelism: 1 } });
// @ts-expect-error scrypt has `parallelism`, not `lanes`
new PasswordHasher({ scheme: "scrypt", params: { cost: 16, lanes: 2 } });
// @ts-expect-error bcrypt has no memory parameter
new PasswordHasher({ scheme: "bcrypt", params: { memoryKib: 19456 } });
// @ts-expect-error bcrypt has no block size
new PasswordHasher({ scheme: "bcrypt", params: { cost: 12, blockSize: 8 } });
// @ts-expect-error PBKDF2 has `iterations`, not `cost`
new PasswordHasher({ scheme: "pbkdf2-sha256", params: { cost: 17 } });
// @ts-expect-error PBKDF2 has `iterations`, not `rounds`
new PasswordHasher({ scheme: "pbkdf2-sha512", params: { rounds: 1000 } });

new PasswordHasher({ preset: "owasp" });
new PasswordHasher({ preset: "owasp-low-memory", accept: ["argon2id"], normalize: "NFKC" });
new PasswordHasher({ preset: "rfc9106-low-memory", limits: { memoryKib: 65_536 } });
// @ts-expect-error not a preset
new PasswordHasher({ preset: "rfc9106" });
// @ts-expect-error a preset excludes `scheme`
new PasswordHasher({ preset: "owasp", scheme: "argon2id" });
// @ts-expect-error a preset excludes any scheme
new PasswordHasher({ preset: "owasp", scheme: "bcrypt", params: { cost: 12 } });
// @ts-expect-error a preset excludes `params`
new PasswordHasher({ preset: "owasp", params: { passes: 3 } });

const pepper: Pepper = { id: "2027", key: new Uint8Array(32) };
const everything: PasswordPolicy = {
  accept: ["argon2id", "argon2i", "argon2d", "wordpress", "better-auth"],
  pepper: { current: pepper, previous: [{ id: "2026", key: "0123456789abcdef" }] },
  normalize: "none",
  limits: {
    memoryKib: 8,
    passes: 1,
    lanes: 1,
    scryptMemoryKib: 1,
    bcryptCost: 4,
    pbkdf2Iterations: 1,
    shaCryptRounds: 1000,
    passwordBytes: 1,
  },
};
proven<Same<Required<PasswordPolicy>["accept"], PasswordScheme[]>>();
// @ts-expect-error not a scheme
new PasswordHasher({ accept: ["md5"] });
// @ts-expect-error `accept` is an array
new PasswordHasher({ accept: "argon2id" });
// @ts-expect-error limits have their own names
new PasswordHasher({ limits: { cost: 12 } });
// @ts-expect-error a limit is a number
new PasswordHasher({ limits: { passwordBytes: "100" } });
// @ts-expect-error not a supported normalization
new PasswordHasher({ normalize: "NFD" });
// @ts-expect-error `current` is required
new PasswordHasher({ pepper: { previous: [pepper] } });
// @ts-expect-error `previous` is an array
new PasswordHasher({ pepper: { current: pepper, previous: pepper } });
// @ts-expect-error a key has an id
new PasswordHasher({ pepper: { current: { key: new Uint8Array(32) } } });
// @ts-expect-error a key is bytes or text
new PasswordHasher({ pepper: { current: { id: "1", key: [1, 2, 3] } } });
// @ts-expect-error a misspelled member
new PasswordHasher({ pepper: { current: pepper, old: [] } });

// A pepper may be required.
new PasswordHasher({ pepper: { current: pepper, required: true } });
// @ts-expect-error whether a pepper is required is a boolean
new PasswordHasher({ pepper: { current: pepper, required: "yes" } });
// The secret of Argon2 hashes of other software.
new PasswordHasher({ argon2Secret: "secret", pepper: { current: pepper } });
new PasswordHasher({ argon2Secret: new Uint8Array(8), pepper: { current: pepper }, preset: "owasp" });
// @ts-expect-error a secret is bytes or text
new PasswordHasher({ argon2Secret: [1, 2, 3], pepper: { current: pepper } });
// What bcrypt hashes are of.
new PasswordHasher({ prehash: "sha256-hex" });
new PasswordHasher({ prehash: "sha384-base64", preset: "owasp" });
new PasswordHasher({ prehash: "sha256-hex", scheme: "scrypt", params: { cost: 16 } });
proven<Same<PasswordPolicy["prehash"], "sha256-hex" | "sha384-base64" | undefined>>();
// @ts-expect-error not a pre-hash that is supported
new PasswordHasher({ prehash: "sha512-hex" });
// @ts-expect-error a pre-hash is not a boolean
new PasswordHasher({ prehash: true });
// @ts-expect-error a misspelled option
new PasswordHasher({ preHash: "sha256-hex" });

// Hashing and checking -----------------------------------------------------------------------------------------------
const hasher = new PasswordHasher(everything);
const stored: string = hasher.hash("p");
proven<Same<ReturnType<typeof hasher.checkHashable>, void>>();
const verdict: PasswordVerdict = hasher.verify("p", null);
const update: PasswordUpdate = hasher.verifyAndUpdate("p", stored);
proven<Same<PasswordVerdict, { ok: boolean; needsRehash: boolean; scheme: PasswordScheme | null }>>();
proven<Same<PasswordUpdate, { ok: boolean; newHash?: string }>>();
proven<Same<ReturnType<PasswordHasher["needsRehash"]>, boolean>>();
const plain: [string, boolean] = [
  hashPassword("p", { scheme: "bcrypt" }),
  verifyPassword("p", stored, { accept: ["argon2id"] }),
];
const account = "17";
hasher.hash("p", { account });
hasher.verify("p", stored, { account });
hasher.verifyAndUpdate("p", null, { account });
hasher.needsRehash(stored, { account });
hashPassword("p", { pepper: { current: pepper } }, { account });
verifyPassword("p", stored, { pepper: { current: pepper } }, { account });
hasher.hashAsync("p", { account, signal: AbortSignal.timeout(1) });
proven<Same<PasswordCallOptions, { account?: string }>>();
// @ts-expect-error an account is text
hasher.hash("p", { account: 17 });
// @ts-expect-error a misspelled option
hasher.verify("p", stored, { user: "17" });
// @ts-expect-error a call that blocks takes no signal
hasher.verify("p", stored, { signal: AbortSignal.timeout(1) });
// @ts-expect-error an unknown user is `null`, not `undefined`
hasher.verify("p", undefined);
// @ts-expect-error the same for `verifyAndUpdate`
hasher.verifyAndUpdate("p", undefined);
// @ts-expect-error passwords are text
hasher.hash(new Uint8Array());
// @ts-expect-error a verdict is not a boolean
const passed: boolean = hasher.verify("p", stored);
// @ts-expect-error `needsRehash` needs a hash, not `null`
hasher.needsRehash(null);
// @ts-expect-error the policy belongs to the hasher
hasher.hash("p", { scheme: "bcrypt" });
// @ts-expect-error `hashPassword` refuses the same policies
hashPassword("p", { preset: "owasp", params: { passes: 3 } });
// @ts-expect-error `verifyPassword` refuses the same policies
verifyPassword("p", stored, { params: { cost: 12 } });

// The description of a hash -----------------------------------------------------------------------------------------
const description = hasher.describe(stored);
proven<Same<typeof description, PasswordDescription>>();
proven<Same<typeof description.scheme, PasswordScheme>>();
proven<Same<typeof description.format, string>>();
proven<Same<typeof description.pepper, string | undefined>>();
proven<Same<typeof description.bound, true | undefined>>();
type Cost = "memoryKib" | "passes" | "lanes" | "cost" | "blockSize" | "parallelism" | "iterations" | "rounds";
proven<Same<Exclude<keyof PasswordDescription, "scheme" | "format" | "pepper" | "bound">, Cost>>();
proven<Same<(typeof description)[Cost], number | undefined>>();
proven<Same<ReturnType<PasswordHasher["identify"]>, PasswordScheme | null>>();
// Every scheme of new hashes is recognized.
proven<Same<Extract<PasswordScheme, NewPasswordScheme>, NewPasswordScheme>>();
// @ts-expect-error neither its salt
description.salt;
// @ts-expect-error nor its tag
description.hash;
// @ts-expect-error a number that may be absent
description.iterations + 1;
// @ts-expect-error what is identified may be nothing that is known
const identified: PasswordScheme = hasher.identify(stored);
// @ts-expect-error a hash is described, and not the absence of one
hasher.describe(null);
// @ts-expect-error `identify` needs a hash, not `undefined`
hasher.identify(undefined);

// Beside the thread that calls ---------------------------------------------------------------------------------------
const { signal } = new AbortController();
proven<Same<PasswordAsyncOptions, { account?: string; signal?: AbortSignal }>>();
proven<Same<ReturnType<typeof hasher.hashAsync>, Promise<string>>>();
proven<Same<ReturnType<typeof hasher.verifyAsync>, Promise<PasswordVerdict>>>();
proven<Same<ReturnType<typeof hasher.verifyAndUpdateAsync>, Promise<PasswordUpdate>>>();
const later: Promise<unknown>[] = [
  hasher.hashAsync("p", { signal }),
  hasher.verifyAsync("p", null, { signal }),
  hasher.verifyAndUpdateAsync("p", stored, {}),
];
const plainLater: [Promise<string>, Promise<boolean>] = [
  hashPasswordAsync("p", { scheme: "bcrypt", params: { cost: 12 } }, { signal }),
  verifyPasswordAsync("p", stored, {}, { signal }),
];
// @ts-expect-error the answer is a promise
hasher.verifyAsync("p", stored).ok;
// @ts-expect-error `signal` is a signal, not its controller
hasher.hashAsync("p", { signal: new AbortController() });
// @ts-expect-error options are an object with `signal`
hasher.verifyAsync("p", null, signal);
// @ts-expect-error no other option
hasher.verifyAndUpdateAsync("p", stored, { timeout: 1000 });
// @ts-expect-error an unknown user is `null`, not `undefined`
hasher.verifyAsync("p", undefined);
// @ts-expect-error options come after the policy
hashPasswordAsync("p", { signal });
// @ts-expect-error `verifyPasswordAsync` refuses the same policies
verifyPasswordAsync("p", stored, { scheme: "scrypt", params: { iterations: 1 } });

const pool: Required<PasswordPoolOptions> = {
  threads: 2,
  queue: 0,
  idleMs: 1000,
  workerUrl: new URL("https://a.example/"),
};
configurePasswordPool(pool);
configurePasswordPool({ workerUrl: "/worker.js" });
proven<Same<ReturnType<typeof closePasswordPool>, Promise<void>>>();
// @ts-expect-error a misspelled option
configurePasswordPool({ thread: 2 });
// @ts-expect-error `threads` is a number
configurePasswordPool({ threads: "2" });

// Argon2 alone -------------------------------------------------------------------------------------------------------
const smaller: PasswordHasher = new argon2.PasswordHasher({ params: { passes: 3 } });
// @ts-expect-error `countersign/argon2` refuses the same costs
new argon2.PasswordHasher({ params: { cost: 12 } });

// Every format -------------------------------------------------------------------------------------------------------
proven<Same<typeof formats, typeof import("countersign/password")>>();
new formats.PasswordHasher({ accept: ["argon2id", "plain-digest", "salted-digest", "yescrypt"] });

// New passwords ------------------------------------------------------------------------------------------------------
const report = checkPassword("p", {
  userInputs: ["alice", null, undefined],
  multiFactor: true,
  minLength: 15,
  maxLength: 64,
  minScore: 3,
  breached: async (prefix) => prefix,
});
proven<Same<typeof report, Promise<PasswordReport>>>();
proven<Same<PasswordReport["reasons"], PasswordReason[]>>();
proven<Same<PasswordReport["score"], 0 | 1 | 2 | 3 | 4 | undefined>>();
proven<Same<PasswordReport["suggestions"], string[]>>();
const counted: Promise<number> = breachCount("p", async (prefix: string) => prefix);
checkPassword("p", {
  estimator: { check: () => ({ score: 4, sequence: [], feedback: { warning: null, suggestions: [] } }) },
});
// @ts-expect-error a misspelled option
checkPassword("p", { userInput: ["alice"] });
// @ts-expect-error `userInputs` is an array
checkPassword("p", { userInputs: "alice" });
// @ts-expect-error `breached` returns a promise
checkPassword("p", { breached: () => "" });
// @ts-expect-error a score is a number
checkPassword("p", { minScore: "3" });
// @ts-expect-error an estimate has a score
checkPassword("p", { estimator: { check: () => ({ sequence: [] }) } });
// @ts-expect-error the answer is a promise
checkPassword("p").ok;
// @ts-expect-error not a reason
const reason: PasswordReason = "TOO_WEAK";
// @ts-expect-error `breached` is required
breachCount("p");

// better-auth --------------------------------------------------------------------------------------------------------
const adapter: BetterAuthPassword = betterAuthPassword(hasher);
betterAuthPassword(smaller, { onRehash: async ({ hash, newHash }) => void [hash, newHash] });
proven<Same<Rehash, { hash: string; newHash: string }>>();
proven<Same<ReturnType<BetterAuthPassword["hash"]>, Promise<string>>>();
proven<Same<ReturnType<BetterAuthPassword["verify"]>, Promise<boolean>>>();
const own: Hasher = { hash: (text) => text, verifyAndUpdate: () => ({ ok: true }) };
betterAuthPassword(own);
// @ts-expect-error a policy is not a hasher
betterAuthPassword({ scheme: "argon2id" });
// @ts-expect-error a hasher needs `verifyAndUpdate`
betterAuthPassword({ hash: (text: string) => text });
// @ts-expect-error a misspelled option
betterAuthPassword(hasher, { onRehashed() {} });
// @ts-expect-error `onRehash` does not get the user
betterAuthPassword(hasher, { onRehash: ({ userId }) => void userId });
// @ts-expect-error `verify` takes one object
adapter.verify("p", stored);

export { counted, identified, later, passed, plain, plainLater, reason, update, verdict };
