// Every form in which software of others stores passwords, and which is checked here: who makes it, at which cost, and
// which scheme it is. The costs are small, so that every runtime can check all of them.

export const EMPTY = "";
export const ASCII = "correct horse battery staple";
export const UNICODE = "pässwörd 密码🦀";
/** Past the 72 bytes that bcrypt looks at. */
export const LONG = "x".repeat(70) + "0123456789".repeat(3);
/** Not in NFKC, in which better-auth and lucia hash. */
export const LIGATURE = "ﬁnesse Ⅳ";
/** With white space about it, which WordPress takes off. */
export const SPACED = " \tpassword \n";
/** With what WordPress puts backslashes before: when it hashes, and when it checks. */
export const QUOTED = 'it\'s "mé" \\o/\0.';
/** With what phpBB writes as HTML. */
export const HTML = "<b>R&D</b> \"é\" 'x'";

const ALL = [EMPTY, ASCII, UNICODE, LONG];
const ONE = [UNICODE];

const argon2 = { time_cost: 2, memory_cost: 64, parallelism: 2 };
const node = { timeCost: 2, memoryCost: 64, parallelism: 2 };
const passlibArgon2 = (type) => ({ type, rounds: 2, memory_cost: 64, parallelism: 2 });

/** [software, format, scheme, options, passwords] */
const TABLE = [
  ["passlib", "argon2", "argon2id", passlibArgon2("ID"), ALL],
  ["passlib", "argon2", "argon2i", passlibArgon2("I"), ONE],
  ["passlib", "argon2", "argon2d", passlibArgon2("D"), ONE],
  ["passlib", "bcrypt", "bcrypt", { rounds: 4 }, ALL],
  ["passlib", "bcrypt", "bcrypt", { rounds: 4, ident: "2a" }, ONE],
  ["passlib", "bcrypt", "bcrypt", { rounds: 4, ident: "2y" }, ONE],
  ["passlib", "bcrypt_sha256", "bcrypt-sha256", { rounds: 4 }, ALL],
  ["passlib", "bcrypt_sha256", "bcrypt-sha256", { rounds: 4, version: 1 }, ALL],
  ["passlib", "bcrypt_sha256", "bcrypt-sha256", { rounds: 4, version: 1, ident: "2a" }, ONE],
  ["passlib", "pbkdf2_sha1", "pbkdf2-sha1", { rounds: 1000 }, ALL],
  ["passlib", "pbkdf2_sha256", "pbkdf2-sha256", { rounds: 1000 }, ALL],
  ["passlib", "pbkdf2_sha512", "pbkdf2-sha512", { rounds: 1000 }, ALL],
  ["passlib", "pbkdf2_sha256", "pbkdf2-sha256", { rounds: 1000, salt_size: 64 }, ONE],
  ["passlib", "scrypt", "scrypt", { rounds: 6 }, ALL],
  ["passlib", "scrypt", "scrypt", { rounds: 6, ident: "$7$", parallelism: 2 }, ALL],
  ["passlib", "phpass", "phpass", { rounds: 7 }, ALL],
  ["passlib", "phpass", "phpass", { rounds: 8, ident: "$H$" }, ONE],
  ["passlib", "sha256_crypt", "sha256-crypt", { rounds: 1000 }, ALL],
  ["passlib", "sha512_crypt", "sha512-crypt", { rounds: 1000 }, ALL],
  ["passlib", "sha256_crypt", "sha256-crypt", { rounds: 5000, salt_size: 8 }, ONE],
  ["passlib", "sha512_crypt", "sha512-crypt", { rounds: 5000, salt_size: 8 }, ONE],

  ["Django", "pbkdf2_sha256", "pbkdf2-sha256", { iterations: 1000 }, ALL],
  ["Django", "pbkdf2_sha1", "pbkdf2-sha1", { iterations: 1000 }, ALL],
  ["Django", "argon2", "argon2id", argon2, ALL],
  ["Django", "bcrypt_sha256", "django-bcrypt-sha256", { rounds: 4 }, ALL],
  ["Django", "bcrypt", "bcrypt", { rounds: 4 }, ALL],
  ["Django", "scrypt", "scrypt", { work_factor: 64, block_size: 8, parallelism: 5 }, ALL],

  ["Werkzeug", "scrypt", "scrypt", { method: "scrypt:64:8:2" }, ALL],
  ["Werkzeug", "pbkdf2", "pbkdf2-sha1", { method: "pbkdf2:sha1:1000", salt_length: 8 }, ALL],
  ["Werkzeug", "pbkdf2", "pbkdf2-sha256", { method: "pbkdf2:sha256:1000" }, ALL],
  ["Werkzeug", "pbkdf2", "pbkdf2-sha512", { method: "pbkdf2:sha512:1000" }, ALL],

  ["argon2-cffi", "argon2id", "argon2id", argon2, ALL],
  ["argon2-cffi", "argon2i", "argon2i", argon2, ONE],
  ["argon2-cffi", "argon2d", "argon2d", argon2, ONE],
  ["bcrypt", "2b", "bcrypt", { rounds: 4 }, ALL],
  ["bcrypt", "2a", "bcrypt", { rounds: 4 }, ONE],
  ["PyNaCl", "argon2id", "argon2id", { opslimit: 1, memlimit: 8192 }, ALL],
  ["PyNaCl", "scrypt", "scrypt", { opslimit: 32_768, memlimit: 2 ** 21 }, ALL],

  ["argon2", "argon2id", "argon2id", node, ALL],
  ["@node-rs/argon2", "argon2id", "argon2id", node, ALL],
  ["bcryptjs", "bcrypt", "bcrypt", { rounds: 4 }, ALL],
  ["@better-auth/utils", "scrypt", "better-auth", {}, [...ALL, LIGATURE]],
  ["oslo", "scrypt", "better-auth", {}, ONE],
  ["lucia", "scrypt", "better-auth", {}, ONE],
  ["lucia", "s2", "better-auth", {}, [UNICODE, LIGATURE]],
  ["lucia", "legacy", "lucia-legacy", {}, [...ALL, LIGATURE]],
  ["lucia-2", "s2", "better-auth", {}, ONE],

  ["PHP", "bcrypt", "bcrypt", { cost: 4 }, ALL],
  ["PHP", "argon2id", "argon2id", { time_cost: 2, memory_cost: 64 }, ALL],
  ["PHP", "argon2i", "argon2i", { time_cost: 3, memory_cost: 64 }, ONE],
  ["PHP", "sha256-crypt", "sha256-crypt", { rounds: "rounds=1234$" }, ALL],
  ["PHP", "sha512-crypt", "sha512-crypt", { rounds: "rounds=1234$" }, ALL],
  ["PHP", "sha512-crypt", "sha512-crypt", {}, ONE],
  ["PHP", "wordpress", "wordpress", { cost: 4 }, [...ALL, SPACED]],
  ["PHP", "phpass", "phpass", { cost: 7 }, [QUOTED]],
  ["PHP", "wordpress-log-in", "wordpress", { cost: 4 }, [UNICODE, QUOTED, QUOTED.normalize("NFD")]],
  ["PHP", "wordpress-log-in-phpass", "phpass", { cost: 7 }, [UNICODE, QUOTED, QUOTED.normalize("NFD")]],
  ["PHP", "phpbb-log-in", "phpass", { cost: 7 }, [UNICODE, HTML, HTML.normalize("NFD")]],

  ["ASP.NET Identity", "v3", "aspnet-identity-v3", { prf: 0, iterations: 1000, salt_size: 16, key_size: 32 }, ONE],
  ["ASP.NET Identity", "v3", "aspnet-identity-v3", { prf: 1, iterations: 1000, salt_size: 16, key_size: 32 }, ALL],
  ["ASP.NET Identity", "v3", "aspnet-identity-v3", { prf: 2, iterations: 1000, salt_size: 16, key_size: 32 }, ALL],
  ["ASP.NET Identity", "v3", "aspnet-identity-v3", { prf: 2, iterations: 1000, salt_size: 32, key_size: 64 }, ONE],
];

export const FORMATS = TABLE.map(([software, format, scheme, options, passwords]) => ({
  software,
  format,
  scheme,
  options,
  passwords,
}));

/** Another password, which differs in what every scheme looks at. */
export const another = (password) => (password.startsWith("x") ? password.slice(1) : `x${password.trim()}`);

/** Whether the software hashed this password alone: not also others, which a new hash would refuse. */
export function hashesWhole(scheme, password, stored) {
  if (scheme === "better-auth" || scheme === "lucia-legacy") return password === password.normalize("NFKC");
  if (scheme === "wordpress" || stored.startsWith("$P$")) return password === password.trim();
  return true;
}
