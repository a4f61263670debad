/** Every command: its options and its examples. Help, completions and the reading of arguments use this table. */

import { ENCRYPTION_ALGORITHMS, SIGNATURE_ALGORITHMS } from "../report/algorithms.js";

/** An option of a command. */
export interface Option {
  name: string;
  /** What the package calls it, if that is another name. */
  inPackage?: string;
  /** What stands for the value in the help. Options without it are switches. */
  value?: string;
  /** The values that shells complete. */
  choices?: readonly string[];
  /** What to choose, for a value that is none of them. */
  advice?: string;
  /** Whether the value is a file, for completions. */
  isFile?: boolean;
  /** Whether that file is written. */
  isWritten?: boolean;
  /** What to write for the contents of such a file. */
  forText?: string;
  /** Whether it may be given several times. */
  isMultiple?: boolean;
  about: string;
}

/** A command. */
export interface Command {
  name: string;
  /** In a few words. */
  summary: string;
  /** What comes after the name, before the options. */
  operands: string;
  /** How many operands it takes. */
  atMost: number;
  /** Whether the operands are files, or the values that shells complete. */
  completes?: "files" | readonly string[];
  /** What to write for the contents of a file, if the command does not read them from standard input. */
  forText?: string;
  /** Whether that file is written. */
  isWritten?: boolean;
  /** Whether an operand may be the contents of a file. */
  takesValue?: boolean;
  /** What the help says below the summary. */
  about: readonly string[];
  options: readonly Option[];
  /** Options that people try and that it does not have, each with what to write instead. */
  instead?: ReadonlyMap<string, string>;
  /** Operands that people add, by their form, each with what to write instead. The last row is for all others. */
  surplus?: readonly (readonly [form: RegExp, instead: string])[];
  /** Calls, each with what it does. */
  examples: readonly (readonly [call: string, does: string])[];
}

/** The content encryptions. */
export const CONTENT_ENCRYPTIONS = [
  "A128GCM",
  "A192GCM",
  "A256GCM",
  "A128CBC-HS256",
  "A192CBC-HS384",
  "A256CBC-HS512",
] as const;

const ALGORITHMS = [...SIGNATURE_ALGORITHMS, ...ENCRYPTION_ALGORITHMS];

/** Options of every command. */
export const SHARED_OPTIONS: readonly Option[] = [
  { name: "json", about: "print the result as one line of JSON" },
  { name: "help", about: "show this help" },
];

/** The forms of operands that belong to an option. */
const ANYTHING = /^/;
const A_FILE = /^(?!e[wy][\w-]{8,}\.)[\w .:@~+\\/-]*\.[A-Za-z]\w{1,11}$/;
const A_KEY = /-----BEGIN |^\s*\{/;
const A_SCHEME = /^(?:authorization:?|bearer|dpop)$/i;
const A_URL = /^https?:\/\//i;

const ONE_FILE: [RegExp, string] = [ANYTHING, "it takes one file"];
const ONE_TOKEN: [RegExp, string][] = [
  [A_SCHEME, "give the token alone"],
  [ANYTHING, "it takes one token, or reads it from standard input"],
];

/** What to write for names of claims, parameters and options of other programs. */
function instead(rows: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(rows).flatMap(([names, advice]) => names.split(" ").map((name) => [name, advice] as const)),
  );
}

const CLAIM_NAMES = { iss: "use --issuer", aud: "use --audience", sub: "use --subject" };
const A_TOKEN_OPTION = { "token jwt": "give the token without an option, on standard input or with --token-file" };

/** The four ways to give a secret. */
function secret(name: string, what: string): Option[] {
  return [
    { name: `${name}-stdin`, about: `read ${what} from standard input` },
    {
      name: `${name}-file`,
      value: "FILE",
      isFile: true,
      forText: `${what.replace(/^an? /, "the ")} itself goes to --${name}-stdin or --${name}-env`,
      about: `read ${what} from a file`,
    },
    { name: `${name}-env`, value: "NAME", about: `read ${what} from an environment variable` },
    { name, value: "TEXT", about: `${what} in the argument itself; this warns, because others can see it` },
  ];
}

const ALG: Option = {
  name: "alg",
  value: "ALG",
  choices: ALGORITHMS,
  about: "the algorithm, if the key does not say it",
};
const OUT: Option = {
  name: "out",
  value: "FILE",
  isFile: true,
  isWritten: true,
  forText: "name the file to write",
  about: "write to this file instead of standard output",
};
const FORCE: Option = { name: "force", about: "replace files that exist" };
const NO_PASSPHRASE: Option = { name: "no-passphrase", about: "write the private key to a file without encryption" };
const PASSPHRASE = secret("passphrase", "the passphrase of encrypted keys");
/** How a duration is written. */
const DURATION = "such as 90s, 15m, 2h or 1d; a number without a unit is seconds";
/** The kinds of tokens. */
const PROFILES =
  "the kind of token: at+jwt, an access token (RFC 9068); logout+jwt, a logout token (OpenID Connect); secevent+jwt, a security event token (RFC 8417); JWT, any other";
const NOW: Option = { name: "now", value: "TIME", about: "judge as at this time: ISO 8601, or seconds since 1970" };
const LOOPBACK: Option = { name: "allow-insecure-loopback", about: "allow http for localhost" };

const TOKEN_INPUT: Option[] = [
  {
    name: "token-file",
    value: "FILE",
    isFile: true,
    forText: "the token itself is given without an option, or on standard input",
    about: "read the token from a file",
  },
  { name: "token-env", value: "NAME", about: "read the token from an environment variable" },
];

const PASSWORD = secret("password", "the password");

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: "keygen",
    summary: "generate a key",
    operands: "ALG",
    atMost: 1,
    completes: ALGORITHMS,
    instead: instead({ "alg algorithm": "the algorithm is the first word, as in keygen ES256" }),
    surplus: [
      [/^\d+$/, "the length of an RSA key is given with --modulus-length"],
      [/^(?:P-\d+|X25519)$/, "the curve is given with --crv"],
      [/^A\d+(?:GCM|CBC-)/, "the content encryption is given with --enc"],
      [A_FILE, "the file is given with --out"],
      [ANYTHING, "it takes one algorithm"],
    ],
    about: [
      "Generates a key for signatures or encryption. With --out, the private key is encrypted with a passphrase, the file has mode 0600, and no file is replaced. Without --out, the private key goes to standard output as it is.",
      "The format is that of the file's name (.pem, .der, otherwise JWK), or --format. An encrypted JWK is a JWE (RFC 7517 §7). Secrets have no PEM.",
    ],
    options: [
      OUT,
      {
        name: "public-out",
        value: "FILE",
        isFile: true,
        isWritten: true,
        forText: "name the file to write",
        about: "write the public half to this file",
      },
      { name: "format", value: "FORMAT", choices: ["jwk", "pem", "der"], about: "jwk, pem or der" },
      { name: "kid", value: "TEXT", about: "the key's identifier; default: its thumbprint, for secrets random" },
      { name: "no-kid", about: "give the key no identifier" },
      { name: "modulus-length", value: "BITS", about: "of an RSA key; default 2048, for encryption 3072" },
      {
        name: "crv",
        value: "CURVE",
        choices: ["X25519", "P-256", "P-384", "P-521"],
        about: "the curve of a key for ECDH-ES: X25519, P-256, P-384 or P-521; default X25519",
      },
      {
        name: "enc",
        value: "ENC",
        choices: CONTENT_ENCRYPTIONS,
        about: `the content encryption of a key for dir: ${CONTENT_ENCRYPTIONS.join(", ")}`,
      },
      ...PASSPHRASE,
      NO_PASSPHRASE,
      FORCE,
    ],
    examples: [
      ["keygen EdDSA --out signing.pem", "asks for a passphrase"],
      ["keygen ES256 --out key.json --public-out public.json --passphrase-file pass.txt", "both halves as JWK"],
      ["keygen HS256", "a secret as JWK on standard output"],
      ["keygen ECDH-ES+A256KW --out encryption.json --passphrase-env PASS", "a key for encryption"],
    ],
  },
  {
    name: "jwks",
    summary: "write the public key set of keys",
    operands: "FILE…",
    atMost: 100,
    completes: "files",
    about: [
      "Reads private or public keys (PEM, DER, JWK, JWK Sets, certificates) and writes a JWK Set with their public halves, to publish. Secrets are refused. Keys whose exp has passed are left out.",
    ],
    options: [ALG, OUT, FORCE, ...PASSPHRASE],
    instead: instead({ "key in": "the files come first, as in jwks key.json" }),
    examples: [
      ["jwks key.json old-public.pem --out jwks.json", "one set of two keys"],
      ["jwks keys.json", "the public halves of a set that rotate keeps"],
    ],
  },
  {
    name: "rotate",
    summary: "rotate the keys of a key set file",
    operands: "FILE",
    atMost: 1,
    completes: "files",
    about: [
      'The file is a JWK Set of private keys, each with a "status": one is "current" and signs, one is "next" and is already published, others are "retired" and only verify until their "exp". Each rotation makes the next key the current one, retires the old one, adds a new next key, and removes retired keys whose time has passed. Without a next key, it only adds one, and the current key goes on signing.',
      "If the file does not exist, it is made, with new keys or with the key that --adopt names. It is replaced as a whole. A file that is not such a set is refused and stays as it is. Publish its public half before servers sign with the next key: rotate less often than others fetch your keys.",
    ],
    options: [
      {
        name: "alg",
        value: "ALG",
        choices: SIGNATURE_ALGORITHMS.filter((alg) => !alg.startsWith("HS")),
        about: "of new keys; default: that of the current key, or EdDSA",
      },
      {
        name: "adopt",
        value: "FILE",
        isFile: true,
        about: "make a new set whose current key is the private key in this file, which stays as it is",
      },
      { name: "keep-for", value: "DURATION", about: "how long a retired key verifies, such as 12h; default 1d" },
      { name: "modulus-length", value: "BITS", about: "of new RSA keys" },
      {
        name: "public-out",
        value: "FILE",
        isFile: true,
        isWritten: true,
        forText: "name the file to write",
        about: "write the public key set to this file too; an older one is replaced",
      },
      ...PASSPHRASE,
      { name: "no-passphrase", about: "make a new file without encryption" },
      { name: "force", about: "replace the file of --public-out, whatever it holds" },
    ],
    isWritten: true,
    forText: "name the file that keeps the keys",
    surplus: [[ANYTHING, "it takes one file, and writes the public half to that of --public-out"]],
    examples: [
      ["rotate keys.json --public-out jwks.json --passphrase-env KEYS_PASSPHRASE", "run it from a timer, once a month"],
      ["rotate keys.json --alg ES256 --keep-for 7d", "new keys are for ES256"],
      ["rotate keys.json --adopt signing.pem --public-out jwks.json", "takes over a key that signs already"],
    ],
  },
  {
    name: "convert",
    summary: "convert a key to JWK, PEM or DER",
    operands: "FILE",
    atMost: 1,
    completes: "files",
    about: [
      "Reads a key in JWK, PEM or DER, or a certificate, and writes it in another form. What the file holds is recognized from its content. A private key that goes to a file is encrypted, with the passphrase that it had, or that --out-passphrase gives.",
    ],
    options: [
      {
        name: "to",
        value: "FORMAT",
        choices: ["jwk", "pem", "der"],
        about: "jwk, pem or der; default: by the name of --out",
      },
      { name: "public", about: "write only the public half" },
      {
        name: "form",
        inPackage: "format",
        value: "FORM",
        choices: ["spki", "pkcs8", "pkcs1", "sec1"],
        about:
          "of PEM and DER: spki or pkcs1 for public keys; pkcs8, pkcs1 or sec1 for private keys; default spki or pkcs8. pkcs1 is for RSA, sec1 for EC",
      },
      { ...ALG, about: "the algorithm; without it, a key that fits several gets none in its JWK" },
      { name: "kid", value: "TEXT", about: "the identifier in the JWK" },
      OUT,
      FORCE,
      ...PASSPHRASE,
      ...secret("out-passphrase", "the passphrase of the result"),
      NO_PASSPHRASE,
    ],
    instead: instead({
      "key in": "the file comes first, as in convert key.pem --to jwk",
      "format from": "the format to write is given with --to, and the file's own is recognized",
    }),
    surplus: [
      [/^(?:jwk|pem|der)$/i, "the format is given with --to"],
      [A_FILE, "it takes one file, and writes the result to that of --out"],
      ONE_FILE,
    ],
    examples: [
      ["convert key.pem --to jwk --public", "for a key set"],
      ["convert key.json --out key.pem --out-passphrase-file pass.txt", "JWK to encrypted PEM"],
      ["convert certificate.pem --to pem", "the public key of a certificate"],
    ],
  },
  {
    name: "sign",
    summary: "sign a token",
    operands: "",
    atMost: 0,
    about: [
      "Signs claims with a private key or a secret, and prints the token. The claims come from --claims, --claims-file, --claim and the options below. Of a set that rotate keeps, the current key signs. A token lives for 15 minutes, unless --expires-in or the claims say otherwise.",
    ],
    options: [
      { name: "key", value: "FILE", isFile: true, about: "the key: JWK, JWK Set, PEM or DER" },
      ...secret("secret", "an HMAC secret"),
      {
        name: "secret-encoding",
        value: "ENCODING",
        choices: ["text", "base64", "base64url", "hex"],
        about: "how the secret is written: text, base64, base64url or hex; default text",
      },
      { ...ALG, choices: SIGNATURE_ALGORITHMS },
      {
        name: "kid",
        value: "TEXT",
        about: "the kid of the header, which PEM and DER do not have; of a set, the key with this kid signs",
      },
      { name: "claims", value: "JSON", about: "the claims as a JSON object" },
      {
        name: "claims-file",
        value: "FILE",
        isFile: true,
        forText: "the claims themselves are given with --claims",
        about: "the claims from a file; - for standard input",
      },
      { name: "claim", value: "NAME=TEXT", isMultiple: true, about: "one claim, a text" },
      { name: "claim-json", value: "NAME=JSON", isMultiple: true, about: "one claim, any JSON" },
      { name: "issuer", value: "TEXT", about: "iss" },
      { name: "audience", value: "TEXT", isMultiple: true, about: "aud" },
      { name: "subject", value: "TEXT", about: "sub" },
      {
        name: "expires-in",
        value: "DURATION",
        about: `how long the token lives, ${DURATION}; none for no exp; default 15m, or 2m for a logout token`,
      },
      { name: "not-before", value: "DURATION", about: `how long until the token becomes valid, ${DURATION}` },
      { name: "jwt-id", value: "TEXT", about: "jti; random for a random one" },
      {
        name: "profile",
        value: "PROFILE",
        choices: ["at+jwt", "logout+jwt", "secevent+jwt", "JWT"],
        about: PROFILES,
      },
      { name: "typ", value: "TEXT", about: "typ of the header; none for none" },
      { name: "allow-short", about: "accept a short secret, during a migration" },
      ...PASSPHRASE,
    ],
    instead: instead({
      ...CLAIM_NAMES,
      "exp expires ttl": "use --expires-in",
      nbf: "use --not-before",
      jti: "use --jwt-id",
      "payload body data": "use --claims or --claims-file",
      algorithm: "use --alg",
    }),
    surplus: [
      [A_KEY, "the claims are given with --claims, in single quotes, and a key in a file with --key"],
      [/^[A-Za-z_][\w:./-]*=/, "a claim is given with --claim"],
      [A_FILE, "a key is given with --key, and a file of claims with --claims-file"],
      [ANYTHING, "the key is given with --key, and the claims with --claims or --claim"],
    ],
    examples: [
      ["sign --key key.json --issuer https://login.example --audience api --subject alice", "a token of 15 minutes"],
      ["sign --key key.pem --claims-file claims.json --expires-in 1h", "claims from a file"],
      ["sign --secret-env JWT_SECRET --alg HS256 --subject alice", "with a secret"],
    ],
  },
  {
    name: "verify",
    summary: "verify a token",
    operands: "[TOKEN]",
    atMost: 1,
    about: [
      "Checks the signature and all claims of a token, and prints its claims. It needs the issuer and the audience that you expect, or --any to accept every one. The token comes from standard input, unless it is given.",
      "Exit code 0: the token is valid. 1: it is refused. 2: it was not checked, because a key or an option is wrong or the key server did not answer.",
    ],
    options: [
      {
        name: "key",
        value: "FILE",
        isFile: true,
        isMultiple: true,
        about: "keys: JWK, JWK Set, PEM, DER or certificate",
      },
      ...secret("secret", "an HMAC secret"),
      {
        name: "secret-encoding",
        value: "ENCODING",
        choices: ["text", "base64", "base64url", "hex"],
        about: "how the secret is written: text, base64, base64url or hex; default text",
      },
      { name: "jwks", value: "URL", about: "fetch the keys from this URL" },
      { name: "discover", about: "find the keys of --issuer by its metadata (OpenID Connect, RFC 8414)" },
      { ...ALG, choices: SIGNATURE_ALGORITHMS },
      { name: "issuer", value: "TEXT", isMultiple: true, about: "the accepted iss" },
      { name: "audience", value: "TEXT", isMultiple: true, about: "your own name, which aud must contain" },
      { name: "any", inPackage: "ignoreAudience", about: "accept any issuer and any audience that is not given" },
      { name: "subject", value: "TEXT", about: "the required sub" },
      { name: "typ", value: "TEXT", about: "the required typ of the header" },
      {
        name: "profile",
        value: "PROFILE",
        choices: ["at+jwt", "logout+jwt", "secevent+jwt", "JWT"],
        about: PROFILES,
      },
      {
        name: "required-claim",
        inPackage: "requiredClaims",
        value: "NAME",
        isMultiple: true,
        about: "a claim that must be present",
      },
      { name: "max-age", value: "DURATION", about: `the greatest age since iat, ${DURATION}` },
      { name: "clock-tolerance", value: "DURATION", about: `how far clocks may differ, ${DURATION}` },
      { name: "allow-missing-expiry", about: "accept a token without exp" },
      { name: "allow-numeric-subject", about: "accept a whole number as sub" },
      { name: "max-token-length", value: "COUNT", about: "the longest token in bytes; default 16384" },
      { name: "allow-short", about: "accept a short secret, during a migration" },
      {
        name: "decryption-key",
        value: "FILE",
        isFile: true,
        about: "the key of an encrypted token that holds a signed one",
      },
      NOW,
      LOOPBACK,
      ...TOKEN_INPUT,
      ...PASSPHRASE,
    ],
    instead: instead({
      ...CLAIM_NAMES,
      ...A_TOKEN_OPTION,
      "url jwks-url jwks-uri": "the URL of the keys is given with --jwks",
      "public-key cert certificate": "use --key",
      algorithm: "use --alg",
    }),
    surplus: [
      [A_SCHEME, "give the token alone"],
      [A_URL, "the URL of the keys is given with --jwks, and that of the issuer with --issuer"],
      [A_KEY, "a key is given in a file with --key"],
      [A_FILE, "a key is given with --key, and a file with the token with --token-file"],
      ...ONE_TOKEN,
    ],
    examples: [
      ["verify --key public.pem --issuer https://login.example --audience api < token.txt", "with a key file"],
      ["verify --discover --issuer https://login.example --audience api < token.txt", "finds the issuer's keys"],
      ["verify --jwks https://login.example/jwks.json --any < token.txt", "any issuer and audience"],
    ],
  },
  {
    name: "inspect",
    summary: "show what a token says, without checking it",
    operands: "[TOKEN]",
    atMost: 1,
    about: [
      "Shows the header, the claims and the times of a token, and what is wrong with it that can be seen without a key. Of encrypted tokens, it shows the header. The exit code is always 2, because nothing was checked: anybody can have written what it shows.",
    ],
    options: [NOW, ...TOKEN_INPUT],
    instead: instead({
      ...A_TOKEN_OPTION,
      "key secret secret-file secret-env jwks alg": "inspect checks nothing; verify does",
    }),
    surplus: ONE_TOKEN,
    examples: [
      ["inspect < token.txt", "from a file"],
      ["inspect --token-env TOKEN --json", "as JSON, for scripts"],
    ],
  },
  {
    name: "doctor",
    summary: "say what a key, a key set, a token or a stored hash is, and what is weak about it",
    operands: "[FILE]",
    atMost: 1,
    completes: "files",
    takesValue: true,
    about: [
      "Recognizes keys, key sets, certificates, tokens and stored hashes, and says what they are, what is wrong or weak, and which option would accept them. Reads a file, a value in its place, or standard input.",
      "Exit code 0: nothing is wrong. 1: something is weak or refused. 2: it is none of these, or cannot be read. Of a token, the exit code is always 2, as with inspect: doctor verifies no signature, and anybody can have written what it shows.",
    ],
    options: [ALG, NOW, ...PASSPHRASE],
    instead: instead({ "key file token hash jwks in": "the file comes first, as in doctor unknown.key" }),
    surplus: [[ANYTHING, "it takes one file; put a value that has spaces in single quotes"]],
    examples: [
      ["doctor unknown.key", "any file"],
      ["doctor jwks.json", "each key of a set, and why some are left out"],
      ["doctor < stored-hash.txt", "a row of the password column"],
    ],
  },
  {
    name: "hash",
    summary: "hash a password",
    operands: "",
    atMost: 0,
    about: ["Hashes a password with Argon2id, or another scheme, and prints the text to store."],
    options: [
      ...PASSWORD,
      {
        name: "scheme",
        value: "SCHEME",
        choices: ["argon2id", "scrypt", "bcrypt", "pbkdf2-sha256", "pbkdf2-sha512"],
        about: "argon2id, scrypt, bcrypt, pbkdf2-sha256 or pbkdf2-sha512; default argon2id",
      },
      {
        name: "preset",
        value: "NAME",
        choices: ["owasp", "owasp-low-memory", "rfc9106-low-memory"],
        about:
          "costs of Argon2id by name: owasp (19456 KiB, 2 passes), owasp-low-memory (7168 KiB, 5 passes), rfc9106-low-memory (65536 KiB, 3 passes, 4 lanes); default owasp",
      },
      { name: "memory-kib", value: "COUNT", about: "Argon2: memory; default 19456" },
      { name: "passes", value: "COUNT", about: "Argon2: passes; default 2" },
      { name: "lanes", value: "COUNT", about: "Argon2: lanes; default 1" },
      { name: "cost", value: "COUNT", about: "scrypt: log2 of N; bcrypt: log2 of the rounds" },
      { name: "block-size", value: "COUNT", about: "scrypt: r" },
      { name: "parallelism", value: "COUNT", about: "scrypt: p" },
      { name: "iterations", value: "COUNT", about: "PBKDF2: iterations" },
    ],
    instead: instead({ "algorithm alg": "use --scheme", rounds: "use --cost or --iterations" }),
    surplus: [[ANYTHING, "the password is given with --password-stdin, --password-file or --password-env"]],
    examples: [
      ["hash", "asks for the password"],
      ["hash --password-file password.txt --scheme bcrypt --cost 12", "from a file"],
    ],
  },
  {
    name: "check",
    summary: "check a password against a stored hash",
    operands: "[HASH]",
    atMost: 1,
    about: [
      "Exit code 0: the password is right. 1: it is wrong, or the stored hash is refused. 2: nothing was checked.",
      "A shell replaces $ in double quotes: put a hash in single quotes, or in a file.",
    ],
    options: [
      {
        name: "hash-file",
        value: "FILE",
        isFile: true,
        forText: "give the hash without this option, in single quotes",
        about: "read the stored hash from a file",
      },
      { name: "hash-env", value: "NAME", about: "read the stored hash from an environment variable" },
      ...PASSWORD,
      { name: "accept", value: "SCHEME", isMultiple: true, about: "a scheme to accept; default: all but plain-digest" },
      {
        name: "limit",
        value: "NAME=NUMBER",
        isMultiple: true,
        about: "what a check may cost, as in the option limits: memoryKib=102400",
      },
      {
        name: "prehash",
        value: "NAME",
        choices: ["sha256-hex", "sha384-base64"],
        about:
          "what bcrypt hashes are made from, if not from the password: sha256-hex, its SHA-256 in hexadecimal (Meteor), or sha384-base64, its SHA-384 in base64 (EnhancedHashPassword of BCrypt.Net)",
      },
    ],
    instead: instead({ "hash stored": "give the hash without an option, in single quotes, or use --hash-file" }),
    surplus: [[ANYTHING, "the password is given with --password-stdin, --password-file or --password-env"]],
    examples: [
      ["check --hash-file stored.txt", "asks for the password"],
      ["check --hash-env STORED --password-stdin < password.txt", "for scripts"],
    ],
  },
  {
    name: "import",
    summary: "convert the users that another system exported",
    operands: "FILE",
    atMost: 1,
    completes: "files",
    about: [
      "Reads an export (a JSON array, an object with users, one JSON object per line, or CSV) row by row, whatever its size, and writes one line of JSON per user: the line in the export, the id, the e-mail address if there is one, and the stored hash, or null for a user without a password.",
      "Rows that cannot be read are named with their line numbers, and the exit code is then 1, as it is if no row has a password. With --dry-run, nothing is written. With --out, rows go to FILE.partial, which gets its own name at the end: after an interruption, --resume continues.",
    ],
    options: [
      {
        name: "from",
        value: "SYSTEM",
        choices: ["auth0", "clerk", "columns", "firebase", "hashes", "keycloak", "supabase"],
        advice:
          "for a column with stored hashes, as of Django or WordPress, use hashes; for a hash and its salt, columns",
        about: "the system: auth0, clerk, columns, firebase, hashes, keycloak, supabase",
      },
      {
        name: "config",
        value: "FILE",
        isFile: true,
        about: "firebase: the project's hash parameters; columns: the settings of the table; JSON",
      },
      {
        name: "format",
        value: "FORMAT",
        choices: ["json", "jsonl", "csv"],
        about: "of the file: json, jsonl or csv; default: by its name and first character",
      },
      { name: "column", value: "NAME", about: "hashes: the column with the stored hash; default password_hash" },
      { name: "id", value: "NAME", about: "the property that identifies a user; default: that of the system" },
      { name: "dry-run", about: "write nothing; only count" },
      OUT,
      {
        name: "rejects",
        value: "FILE",
        isFile: true,
        isWritten: true,
        forText: "name the file to write",
        about: "write the rows that cannot be read to this file, as JSON lines",
      },
      { name: "resume", about: "continue after an interruption" },
      FORCE,
    ],
    instead: instead({ "system source": "use --from", "file in": "the file is given without an option" }),
    surplus: [
      [/^(?:auth0|clerk|columns|firebase|hashes|keycloak|supabase)$/, "the system is given with --from"],
      ONE_FILE,
    ],
    examples: [
      ["import --from firebase users.json --config hash-parameters.json --dry-run", "counts what is there"],
      ["import --from keycloak realm.json --out users.jsonl", "converts it"],
      ["import --from hashes --column password users.csv --dry-run", "hashes that need no conversion"],
    ],
  },
  {
    name: "completions",
    summary: "print completions for a shell",
    operands: "SHELL",
    atMost: 1,
    completes: ["bash", "zsh", "fish"],
    about: ["Prints a script for bash, zsh or fish."],
    options: [],
    examples: [
      ["completions bash > ~/.local/share/bash-completion/completions/countersign", "bash"],
      ["completions zsh > ~/.zfunc/_countersign", "zsh, with ~/.zfunc in fpath"],
      ["completions fish > ~/.config/fish/completions/countersign.fish", "fish"],
    ],
  },
  {
    name: "help",
    summary: "show the help of a command",
    operands: "[COMMAND]",
    atMost: 1,
    about: ["Shows all commands, or one command with its options and examples."],
    options: [],
    examples: [["help verify", "the options of verify"]],
  },
];

/** The command with this name. */
export function commandNamed(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}
