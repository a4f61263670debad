/** The shapes of passwords: policies, and the answers about a password and about a stored hash. */

/** What new hashes can be made with. */
export type NewPasswordScheme = "argon2id" | "scrypt" | "bcrypt" | "pbkdf2-sha256" | "pbkdf2-sha512";

/** How a stored hash was made. Forms of other software have a name of their own where they compute something else. */
export type PasswordScheme =
  | NewPasswordScheme
  | "argon2d"
  | "argon2i"
  | "aspnet-identity-v3"
  | "bcrypt-sha256"
  | "better-auth"
  | "django-bcrypt-sha256"
  | "lucia-legacy"
  | "pbkdf2-sha1"
  | "phpass"
  | "sha256-crypt"
  | "sha512-crypt"
  | "wordpress";

/**
 * What a new hash of Argon2id costs: by default OWASP's 19456 KiB and 2 passes, in 1 lane, some 30 ms. Memory counts most:
 * raise it first. Nothing that RFC 9106 allows is refused as too weak.
 */
export interface Argon2Params {
  /** Memory in KiB, from 8 for each lane to `limits.memoryKib`, so below 2 GiB; 19456 by default. */
  memoryKib?: number;
  /** Passes over the memory, from 1 to `limits.passes`; 2 by default. */
  passes?: number;
  /** Lanes, from 1 to `limits.lanes`; 1 by default, as one thread computes them all. */
  lanes?: number;
}

/**
 * What a new hash of scrypt costs: by default OWASP's N = 2^17, r = 8, p = 1, which is 128 MiB and more than a Worker has.
 * There, `{ cost: 16, parallelism: 2 }` takes half and is as good.
 */
export interface ScryptParams {
  /** The binary logarithm of N, from 1; 17 by default. With r and p, all that is worked in must stay below 2 GiB. */
  cost?: number;
  /** r, from 1; 8 by default. */
  blockSize?: number;
  /** p, from 1 to `limits.lanes`; 1 by default. */
  parallelism?: number;
}

/** What a new hash of bcrypt costs. */
export interface BcryptParams {
  /** The binary logarithm of the rounds, from 10 (OWASP) to `limits.bcryptCost`; 12 by default, some 200 ms. */
  cost?: number;
}

/** What a new hash of PBKDF2 costs. */
export interface Pbkdf2Params {
  /**
   * Iterations, from 1000 (RFC 8018) to `limits.pbkdf2Iterations`; by default OWASP's 600,000 with SHA-256 and 220,000 with
   * SHA-512.
   */
  iterations?: number;
}

/** A key that goes into hashes, and the id by which they name it. */
export interface Pepper {
  /** 1 to 8 of the characters `A-Z a-z 0-9 . _ -`. It stands in every hash. */
  id: string;
  /** 16 to 1024 random bytes, or text of as many bytes of UTF-8. Keep it anywhere but beside the hashes. */
  key: Uint8Array | string;
}

/** New hashes as a recommendation has them. */
interface ByPreset {
  /**
   * Scheme and costs by the name of a recommendation, in place of `scheme` and `params`: `"owasp"` (Argon2id, 19456 KiB, 2
   * passes, 1 lane; the default), `"owasp-low-memory"` (7168 KiB, 5 passes, 1 lane, which OWASP holds to be as good),
   * `"rfc9106-low-memory"` (65536 KiB, 3 passes, 4 lanes: RFC 9106 §4's second choice, some 160 ms).
   */
  preset: "owasp" | "owasp-low-memory" | "rfc9106-low-memory";
  scheme?: never;
  params?: never;
}

/** New hashes of a scheme, at costs of that scheme. */
interface ByScheme<Scheme extends NewPasswordScheme, Params> {
  preset?: never;
  /** The scheme of new hashes: `"argon2id"` by default, and with `countersign/argon2` the only choice. */
  scheme: Scheme;
  /** What a new hash costs. Each scheme has its own params, and another's are refused. */
  params?: Params;
}

/** Where no scheme is named, the compiler would take the params of any beside those of Argon2id. */
type NoParamsOfOthers = { [Name in keyof (ScryptParams & BcryptParams & Pbkdf2Params)]?: never };

/** How passwords are hashed and checked. Whatever is left out keeps its default, and the defaults are sound. */
export type PasswordPolicy = PasswordRules &
  (
    | ByPreset
    | Partial<ByScheme<"argon2id", Argon2Params & NoParamsOfOthers>>
    | ByScheme<"scrypt", ScryptParams>
    | ByScheme<"bcrypt", BcryptParams>
    | ByScheme<"pbkdf2-sha256" | "pbkdf2-sha512", Pbkdf2Params>
  );

/** What a policy says beside how new hashes are made. */
interface PasswordRules {
  /** The schemes of stored hashes that are checked at all; every one that is known by default. */
  accept?: PasswordScheme[];
  /**
   * Keys without which a stolen table of hashes is of no use. New hashes are made with `current`; those made with a
   * `previous` one, or with none, are checked and are to be replaced. Argon2 takes the key as its own (K of RFC 9106, with
   * its id as `keyid` in the PHC string); before any other scheme the password becomes its HMAC-SHA-256 under the key, and
   * `$pepper$<id>` stands before the hash.
   */
  pepper?: { current: Pepper; previous?: Pepper[] };
  /**
   * The Unicode form of passwords: `"NFC"` by default (NIST SP 800-63B-4), so that an `é` typed in two ways is one;
   * `"NFKC"` or `"none"` for the hashes of systems that did so. A password as typed is checked, too, if it is another and
   * the hash has no pepper. To be chosen once: where there are hashes made here, another form refuses right passwords, from
   * `"NFKC"` to `"NFC"`, from `"NFC"` to `"none"`, and with a pepper also from `"none"` to `"NFC"`.
   */
  normalize?: "NFC" | "NFKC" | "none";
  /** The most that is spent on one password, however a stored hash came to be. */
  limits?: {
    /** The most memory in KiB that an Argon2 hash may ask for: 65536 by default, half of a Worker; from 8 to 2097151. */
    memoryKib?: number;
    /** The most passes of Argon2: 16 by default, from 1 to 4294967295. */
    passes?: number;
    /** The most lanes of Argon2, and the most parallelism of scrypt: 16 by default, from 1 to 16777215. */
    lanes?: number;
    /**
     * The most memory in KiB that a scrypt hash may ask for, and an eighth of it beside the table: 65536 by default, or what
     * new hashes take where that is more; from 1 to 2097151. N * r * p may be four times what fits in it as N * r.
     */
    scryptMemoryKib?: number;
    /** The highest cost of bcrypt: 14 by default, about a second; from 4 to 31. */
    bcryptCost?: number;
    /** The most iterations of PBKDF2: 3,000,000 by default, from 1 to 4294967295. */
    pbkdf2Iterations?: number;
    /**
     * The most rounds of SHA-crypt (`$5$`, `$6$`): 1,000,000 by default, from 1000 to 999999999. A password counts once more
     * for each 128 bytes, and a long one may take four times as much in all.
     */
    shaCryptRounds?: number;
    /** The longest password in bytes of UTF-8: 4096 by default, from 1 to 65536. */
    passwordBytes?: number;
  };
}

/** The answer to a check. */
export interface PasswordVerdict {
  /** Whether this is the password that was hashed. */
  ok: boolean;
  /** Whether to store a new hash of the password now; only ever true with `ok`. */
  needsRehash: boolean;
  /** The scheme of the stored hash; `null` where there was none. */
  scheme: PasswordScheme | null;
}

/** The answer to a check that renews what has become too weak. */
export interface PasswordUpdate {
  /** Whether this is the password that was hashed. */
  ok: boolean;
  /** What to store in place of the hash that was checked, where that is weaker than the policy. */
  newHash?: string;
}

/** How a stored hash was made, without its salt and its tag. The costs have the names of the params. */
export interface PasswordDescription {
  /** The scheme. */
  scheme: PasswordScheme;
  /** The form it is written in: `"phc"`, `"mcf"` (as in `$2b$`), or the software that writes it, as `"passlib"`. */
  format: string;
  /** The id of its pepper, if it was made with one. */
  pepper?: string;
  /** Argon2: KiB of memory. */
  memoryKib?: number;
  /** Argon2: passes. */
  passes?: number;
  /** Argon2: lanes. */
  lanes?: number;
  /** scrypt and bcrypt: a binary logarithm. */
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
