/** The types of password policies, and of the answers about passwords and stored hashes. */

/** The schemes for new hashes. */
export type NewPasswordScheme = "argon2id" | "scrypt" | "bcrypt" | "pbkdf2-sha256" | "pbkdf2-sha512";

/**
 * The schemes of stored hashes. A format of other software has its own name here if it computes something of its own;
 * otherwise it has the name of the scheme that it uses.
 */
export type PasswordScheme =
  | NewPasswordScheme
  | "argon2d"
  | "argon2i"
  | "aspnet-identity-v2"
  | "aspnet-identity-v3"
  | "bcrypt-sha256"
  | "better-auth"
  | "django-bcrypt-sha256"
  | "drupal"
  | "firebase-scrypt"
  | "lucia-legacy"
  | "md5-crypt"
  | "pbkdf2-sha1"
  | "phpass"
  | "plain-digest"
  | "salted-digest"
  | "sha1-crypt"
  | "sha256-crypt"
  | "sha512-crypt"
  | "wordpress"
  | "yescrypt";

/**
 * The costs of a new Argon2id hash. Default: OWASP's 19456 KiB, 2 passes and 1 lane, which take 15 to 30 ms. To make hashes
 * stronger, raise the memory first. Values that RFC 9106 allows are never refused as too weak.
 */
export interface Argon2Params {
  /** Memory in KiB, from 8 per lane to `limits.memoryKib`. Default 19456. */
  memoryKib?: number;
  /** Passes over the memory, from 1 to `limits.passes`. Default 2. */
  passes?: number;
  /** Lanes, from 1 to `limits.lanes`. Default 1: one thread computes all lanes, so more do not make it faster. */
  lanes?: number;
}

/**
 * The costs of a new scrypt hash. Default: OWASP's N = 2^17, r = 8, p = 1. These take 128 MiB, which is more than a Worker
 * has. There, use `{ cost: 16, parallelism: 2 }`: it takes half the memory, and OWASP considers it equivalent.
 */
export interface ScryptParams {
  /** log2 of N, from 1. Default 17. N, r and p together must stay below 2 GiB of memory. */
  cost?: number;
  /** r, from 1. Default 8. */
  blockSize?: number;
  /** p, from 1 to `limits.lanes`. Default 1. */
  parallelism?: number;
}

/** The cost of a new bcrypt hash. */
export interface BcryptParams {
  /** log2 of the rounds, from 10 (OWASP) to `limits.bcryptCost`. Default 12, about 200 ms. */
  cost?: number;
}

/** The cost of a new PBKDF2 hash. */
export interface Pbkdf2Params {
  /**
   * Iterations, from 1000 (RFC 8018) to `limits.pbkdf2Iterations`. Default: OWASP's 600,000 with SHA-256 and 220,000 with
   * SHA-512.
   */
  iterations?: number;
}

/** A secret key that is mixed into hashes, and its id, which the hashes contain. */
export interface Pepper {
  /** 1 to 8 of the characters `A-Z a-z 0-9 . _ -`. Every hash contains it. */
  id: string;
  /** 16 to 1024 random bytes, or a text with that many bytes of UTF-8. Do not store it beside the hashes. */
  key: Uint8Array | string;
}

/** New hashes by the name of a recommendation. */
interface ByPreset {
  /**
   * A named recommendation, instead of `scheme` and `params`:
   * - `"owasp"`, the default: Argon2id with 19456 KiB, 2 passes, 1 lane.
   * - `"owasp-low-memory"`: 7168 KiB, 5 passes, 1 lane, which OWASP considers equivalent.
   * - `"rfc9106-low-memory"`: 65536 KiB, 3 passes, 4 lanes, the second choice of RFC 9106 §4, about 160 ms.
   */
  preset: "owasp" | "owasp-low-memory" | "rfc9106-low-memory";
  scheme?: never;
  params?: never;
}

/** New hashes by scheme and costs. */
interface ByScheme<Scheme extends NewPasswordScheme, Params> {
  preset?: never;
  /** The scheme of new hashes. Default `"argon2id"`, which is the only choice with `countersign/argon2`. */
  scheme: Scheme;
  /** The costs of new hashes. Parameters of other schemes are refused. */
  params?: Params;
}

/** Without a `scheme`, TypeScript would accept parameters of other schemes beside those of Argon2id. */
type NoParamsOfOthers = { [Name in keyof (ScryptParams & BcryptParams & Pbkdf2Params)]?: never };

/** How passwords are hashed and checked. Every option has a safe default. Unknown names are refused. */
export type PasswordPolicy = PasswordRules &
  (
    | ByPreset
    | Partial<ByScheme<"argon2id", Argon2Params & NoParamsOfOthers>>
    | ByScheme<"scrypt", ScryptParams>
    | ByScheme<"bcrypt", BcryptParams>
    | ByScheme<"pbkdf2-sha256" | "pbkdf2-sha512", Pbkdf2Params>
  );

/** The options that do not concern the scheme and costs of new hashes. */
interface PasswordRules {
  /** The schemes of stored hashes that `verify` accepts. Default: all but `plain-digest`. */
  accept?: PasswordScheme[];
  /**
   * The secret that other software gave to Argon2 beside the password, such as the option `secret` of the npm packages `argon2` and
   * `hash-wasm`: 1 to 1024 bytes, or a text with that many bytes of UTF-8. A hash does not say that it was made with one. Every
   * stored Argon2 hash that names no pepper is then checked with this secret, and never without it. New hashes do not use it:
   * it needs the option `pepper`, whose id tells them apart, and `needsRehash` is true for the others.
   */
  argon2Secret?: Uint8Array | string;
  /**
   * Secret keys, without which stolen hashes are useless. New hashes use `current`. Hashes with a `previous` key, or without
   * any, are still checked, and `needsRehash` is true for them. Argon2 takes the key as its secret K (RFC 9106), with the id
   * as `keyid` in the PHC string. With all other schemes, the password is first replaced by its HMAC-SHA-256 under the key,
   * and the hash begins with `$pepper$<id>`.
   */
  pepper?: {
    current: Pepper;
    previous?: Pepper[];
    /**
     * Refuses stored hashes without a pepper, and in calls with an `account` those that are bound to none, with
     * `HASH_UNSUPPORTED`. Default `false`. Set it when no such hash is left: until then, anyone who can write to the table can
     * store a hash of a password that they know.
     */
    required?: boolean;
  };
  /**
   * The Unicode normalization of passwords. `"NFC"`, the default (NIST SP 800-63B-4), makes both ways to type an `é` the
   * same. Use `"NFKC"` or `"none"` for hashes of a system that did so.
   *
   * Do not change it when you have stored hashes. Right passwords would be refused after a change from `"NFKC"` to `"NFC"`,
   * from `"NFC"` to `"none"`, and, with a pepper, from `"none"` to `"NFC"`.
   */
  normalize?: "NFC" | "NFKC" | "none";
  /**
   * What stored bcrypt hashes are of, if not of the password: `"sha256-hex"` for Meteor's, `"sha384-base64"` for those of
   * BCrypt.Net's `EnhancedHashPassword`. No bcrypt hash is then checked against the password itself, except in formats that
   * say what they hash. New hashes are of the password; their scheme must not be bcrypt.
   */
  prehash?: "sha256-hex" | "sha384-base64";
  /** The most that one check may cost, whatever the stored hash asks for. */
  limits?: {
    /** Memory of Argon2 in KiB, from 8 to 2097151. Default 66560 (65 MiB), half of a Worker's memory. */
    memoryKib?: number;
    /**
     * Passes of Argon2 over that memory, from 1 to 4294967295. Default 16. It limits the work, memory times passes: a hash of
     * less memory may take more passes.
     */
    passes?: number;
    /** Lanes of Argon2 and parallelism of scrypt, from 1 to 16777215. Default 16. */
    lanes?: number;
    /**
     * Memory of scrypt's table in KiB, from 1 to 2097151. Default 65536, or what new hashes need if that is more. scrypt may
     * use an eighth more beside the table. N * r * p may be four times the N * r that fits in this memory.
     */
    scryptMemoryKib?: number;
    /** Cost of bcrypt, from 4 to 31. Default 14, about a second. */
    bcryptCost?: number;
    /** Iterations of PBKDF2, from 1 to 4294967295. Default 3,000,000. */
    pbkdf2Iterations?: number;
    /**
     * Rounds of SHA-crypt (`$5$`, `$6$`), from 1000 to 999999999. Default 1,000,000. Every 128 bytes of the password count
     * the rounds once more, and that sum may be up to twice this limit.
     */
    shaCryptRounds?: number;
    /** Length of a password in bytes of UTF-8, from 1 to 65536. Default 4096. */
    passwordBytes?: number;
  };
}

/** The answer of `verify`. */
export interface PasswordVerdict {
  /** Whether the password is right. */
  ok: boolean;
  /** Whether to store a new hash of this password now. Never true without `ok`. */
  needsRehash: boolean;
  /** The scheme of the stored hash, or `null` if there was none. */
  scheme: PasswordScheme | null;
}

/** The answer of `verifyAndUpdate`. */
export interface PasswordUpdate {
  /** Whether the password is right. */
  ok: boolean;
  /** The hash to store instead of the checked one. Absent if that is strong enough. */
  newHash?: string;
}

/** How a stored hash was made, without its salt and tag. The costs have the names of the parameters. */
export interface PasswordDescription {
  /** The scheme. */
  scheme: PasswordScheme;
  /** The text format: `"phc"`, `"mcf"` (such as `$2b$`), or the software that writes it, such as `"passlib"`. */
  format: string;
  /** The id of the pepper, if the hash has one. */
  pepper?: string;
  /** Whether the hash is bound to an account. Absent if it is not. */
  bound?: true;
  /** Argon2: memory in KiB. */
  memoryKib?: number;
  /** Argon2: passes. */
  passes?: number;
  /** Argon2: lanes. */
  lanes?: number;
  /** scrypt: log2 of N. bcrypt: log2 of the rounds. */
  cost?: number;
  /** scrypt: r. */
  blockSize?: number;
  /** scrypt: p. */
  parallelism?: number;
  /** PBKDF2: iterations. */
  iterations?: number;
  /** SHA-crypt and phpass: rounds. */
  rounds?: number;
}

/** A URL for `new Worker`: text, or a `TrustedScriptURL`, which Trusted Types require. */
export type WorkerUrl = string | TrustedWorkerUrl;

/** The members of a `TrustedScriptURL`. */
export interface TrustedWorkerUrl {
  toJSON(): string;
  toString(): string;
}
