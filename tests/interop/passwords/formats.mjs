// Every form in which software of others stores passwords: who makes it, at which cost, and which scheme it is here, or
// `null` for forms that are refused. The costs are small, so that every runtime can check all of them.

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

/** With spaces within and about it. */
export const BLANKS = " two  words ";
/** As a keyboard of macOS may give it. */
export const DECOMPOSED = UNICODE.normalize("NFD");

const ALL = [EMPTY, ASCII, UNICODE, LONG];
/** For software that takes no empty password. */
const TEXT = [ASCII, BLANKS, UNICODE, DECOMPOSED, LONG];
const MORE = [EMPTY, ...TEXT];
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

  ["passlib", "md5_crypt", "md5-crypt", {}, MORE],
  ["passlib", "apr_md5_crypt", "md5-crypt", {}, MORE],
  ["passlib", "sha1_crypt", "sha1-crypt", { rounds: 1000 }, TEXT],
  ["passlib", "sun_md5_crypt", null, { rounds: 0 }, ONE],
  ["passlib", "bsdi_crypt", null, { rounds: 101 }, ONE],
  ["passlib", "des_crypt", null, {}, ONE],
  ["passlib", "bsd_nthash", null, {}, ONE],
  ["passlib", "ldap_md5", "salted-digest", {}, TEXT],
  ["passlib", "ldap_sha1", "salted-digest", {}, TEXT],
  ["passlib", "ldap_salted_md5", "salted-digest", {}, TEXT],
  ["passlib", "ldap_salted_sha1", "salted-digest", {}, MORE],
  ["passlib", "ldap_salted_sha1", "salted-digest", { salt_size: 16 }, ONE],
  ["passlib", "ldap_salted_sha256", "salted-digest", {}, TEXT],
  ["passlib", "ldap_salted_sha512", "salted-digest", {}, TEXT],
  ["passlib", "ldap_hex_md5", "salted-digest", {}, ONE],
  ["passlib", "ldap_hex_sha1", "salted-digest", {}, ONE],
  ["passlib", "ldap_md5_crypt", "md5-crypt", {}, ONE],
  ["passlib", "ldap_bcrypt", "bcrypt", { rounds: 4 }, TEXT],
  ["passlib", "ldap_sha256_crypt", "sha256-crypt", { rounds: 1000 }, ONE],
  ["passlib", "ldap_sha512_crypt", "sha512-crypt", { rounds: 1000 }, TEXT],
  ["passlib", "ldap_pbkdf2_sha1", "pbkdf2-sha1", { rounds: 1000 }, ONE],
  ["passlib", "ldap_pbkdf2_sha256", "pbkdf2-sha256", { rounds: 1000 }, TEXT],
  ["passlib", "ldap_pbkdf2_sha512", "pbkdf2-sha512", { rounds: 1000 }, ONE],
  ["passlib", "atlassian_pbkdf2_sha1", "pbkdf2-sha1", {}, TEXT],
  ["passlib", "cta_pbkdf2_sha1", "pbkdf2-sha1", { rounds: 1000 }, ONE],
  ["passlib", "dlitz_pbkdf2_sha1", "pbkdf2-sha1", { rounds: 1000 }, ONE],
  ["passlib", "dlitz_pbkdf2_sha1", "pbkdf2-sha1", { rounds: 400 }, ONE],
  ["passlib", "grub_pbkdf2_sha512", "pbkdf2-sha512", { rounds: 1000 }, ONE],
  ["passlib", "fshp", "salted-digest", { rounds: 1000 }, TEXT],
  ["passlib", "fshp", "salted-digest", { rounds: 1, variant: 0 }, ONE],
  ["passlib", "fshp", "salted-digest", { rounds: 1000, variant: 2 }, ONE],
  ["passlib", "fshp", "salted-digest", { rounds: 1000, variant: 3 }, ONE],
  ["passlib", "scram", "pbkdf2-sha512", { rounds: 1000 }, [ASCII, LIGATURE]],
  ["passlib", "django_salted_md5", "salted-digest", {}, ONE],
  ["passlib", "django_salted_sha1", "salted-digest", {}, ONE],
  ["passlib", "hex_md5", null, {}, TEXT],
  ["passlib", "hex_sha1", null, {}, ONE],
  ["passlib", "hex_sha256", null, {}, TEXT],
  ["passlib", "hex_sha512", null, {}, ONE],
  ["passlib", "mysql41", "plain-digest", {}, TEXT],

  ["Django", "md5", "salted-digest", {}, TEXT],

  ["libpass", "argon2", "argon2id", { rounds: 2, memory_cost: 64, parallelism: 2 }, ONE],
  ["libpass", "bcrypt", "bcrypt", { rounds: 4 }, ONE],
  ["libpass", "bcrypt_sha256", "bcrypt-sha256", { rounds: 4 }, ONE],
  ["libpass", "pbkdf2_sha256", "pbkdf2-sha256", { rounds: 1000 }, ONE],
  ["libpass", "scrypt", "scrypt", { rounds: 6 }, ONE],
  ["bcrypt 5", "2b", "bcrypt", { rounds: 4 }, [ASCII, BLANKS, UNICODE, DECOMPOSED]],
  ["pwdlib", "argon2", "argon2id", argon2, TEXT],
  ["pwdlib", "bcrypt", "bcrypt", { rounds: 4 }, ONE],
  ["Werkzeug 2.3", "digest", "salted-digest", { method: "sha256", salt_length: 16 }, MORE],
  ["Werkzeug 2.3", "digest", "salted-digest", { method: "sha1", salt_length: 8 }, ONE],
  ["Werkzeug 2.3", "digest", "salted-digest", { method: "sha512", salt_length: 16 }, ONE],
  ["Werkzeug 2.3", "digest", "salted-digest", { method: "md5", salt_length: 8 }, ONE],

  ["argon2", "argon2i", "argon2i", node, ONE],
  ["argon2", "argon2id", "argon2id", { ...node, version: 0x10 }, ONE],
  ["@adonisjs/hash", "argon2", "argon2id", { iterations: 2, memory: 64, parallelism: 2 }, TEXT],
  ["@adonisjs/hash", "bcrypt", "bcrypt", { rounds: 10 }, TEXT],
  ["@adonisjs/hash", "scrypt", "scrypt", { cost: 64 }, TEXT],
  ["@phc/pbkdf2", "pbkdf2", "pbkdf2-sha512", { iterations: 1000, digest: "sha512" }, TEXT],
  ["@phc/pbkdf2", "pbkdf2", "pbkdf2-sha256", { iterations: 1000, digest: "sha256" }, ONE],
  ["@phc/pbkdf2", "pbkdf2", "pbkdf2-sha1", { iterations: 1000, digest: "sha1" }, ONE],
  ["aspnet-identity-pw", "v2", "aspnet-identity-v2", {}, TEXT],
  ["firebase-scrypt", "fbscrypt", "firebase-scrypt", { memCost: 6, rounds: 8 }, TEXT],
  ["firebase-scrypt", "fbscrypt", "firebase-scrypt", { memCost: 14, rounds: 8 }, ONE],
  ["firebase-scrypt", "firescrypt", "firebase-scrypt", { memCost: 6, rounds: 8 }, TEXT],
  ["npm bcrypt", "bcrypt", "bcrypt", { rounds: 4, minor: "b" }, TEXT],
  ["npm bcrypt", "bcrypt", "bcrypt", { rounds: 4, minor: "a" }, ONE],
  [
    "passport-local-mongoose",
    "pbkdf2",
    "pbkdf2-sha256",
    { digestAlgorithm: "sha256", iterations: 1000, keylen: 512 },
    TEXT,
  ],
  [
    "passport-local-mongoose",
    "pbkdf2",
    "pbkdf2-sha512",
    { digestAlgorithm: "sha512", iterations: 1000, keylen: 64 },
    ONE,
  ],
  ["passport-local-mongoose", "pbkdf2", "pbkdf2-sha1", { digestAlgorithm: "sha1", iterations: 1000, keylen: 512 }, ONE],

  ["mkpasswd", "yescrypt", "yescrypt", { rounds: 1 }, MORE],
  ["mkpasswd", "yescrypt", "yescrypt", {}, ONE],
  ["mkpasswd", "gost-yescrypt", "yescrypt", { rounds: 1 }, MORE],
  ["mkpasswd", "scrypt", "scrypt", { rounds: 6 }, ONE],
  ["mkpasswd", "md5crypt", "md5-crypt", {}, TEXT],
  ["mkpasswd", "bcrypt", "bcrypt", { rounds: 4 }, TEXT],
  ["mkpasswd", "bcrypt-a", "bcrypt", { rounds: 4 }, ONE],
  ["mkpasswd", "sha256crypt", "sha256-crypt", { rounds: 1000 }, TEXT],
  ["mkpasswd", "sha512crypt", "sha512-crypt", { rounds: 1000 }, TEXT],
  ["perl", "yescrypt", "yescrypt", { setting: "$y$j75$" }, ONE],
  ["perl", "yescrypt", "yescrypt", { setting: "$y$j75$abcdefgh" }, ONE],
  ["perl", "yescrypt", "yescrypt", { setting: `$y$j75$${"LdJMENpBABJJ3hIHjB1Bi.".repeat(3).slice(0, 64)}` }, ONE],
  ["perl", "yescrypt-t", "yescrypt", { setting: "$y$j850..$abcdefgh" }, ONE],
  ["perl", "sha1crypt", "sha1-crypt", { setting: "$sha1$1000$saltsalt" }, MORE],
  ["perl", "gost-yescrypt", "yescrypt", { setting: "$gy$j75$" }, ONE],
  ["perl", "gost-yescrypt", "yescrypt", { setting: "$gy$j850..$abcdefgh" }, [LONG]],
  ...["$y$j85..", "$y$j85.0", "$y$j95.C", "$y$j85/.", "$y$j85//", "$y$j85/2", "$y$j8501/"].map((parameters) => [
    "perl",
    "yescrypt-t",
    "yescrypt",
    { setting: `${parameters}$abcdefgh` },
    ONE,
  ]),

  ["htpasswd", "apr1", "md5-crypt", { args: ["-m"] }, TEXT],
  ["htpasswd", "bcrypt", "bcrypt", { args: ["-B", "-C", "4"] }, [ASCII, BLANKS, UNICODE, DECOMPOSED]],
  ["htpasswd", "sha", "salted-digest", { args: ["-s"] }, TEXT],
  ["htpasswd", "sha256", "sha256-crypt", { args: ["-2", "-r", "1000"] }, ONE],
  ["htpasswd", "sha512", "sha512-crypt", { args: ["-5", "-r", "1000"] }, ONE],

  ["slappasswd", "SSHA", "salted-digest", { scheme: "SSHA" }, TEXT],
  ["slappasswd", "SHA", "salted-digest", { scheme: "SHA" }, ONE],
  ["slappasswd", "SMD5", "salted-digest", { scheme: "SMD5" }, ONE],
  ["slappasswd", "MD5", "salted-digest", { scheme: "MD5" }, ONE],
  ["slappasswd", "SHA256", "salted-digest", { scheme: "SHA256", module: "pw-sha2" }, ONE],
  ["slappasswd", "SHA512", "salted-digest", { scheme: "SHA512", module: "pw-sha2" }, ONE],
  ["slappasswd", "SSHA256", "salted-digest", { scheme: "SSHA256", module: "pw-sha2" }, ONE],
  ["slappasswd", "SSHA384", "salted-digest", { scheme: "SSHA384", module: "pw-sha2" }, ONE],
  ["slappasswd", "SSHA512", "salted-digest", { scheme: "SSHA512", module: "pw-sha2" }, TEXT],
  ["slappasswd", "PBKDF2", "pbkdf2-sha1", { scheme: "PBKDF2", module: "pw-pbkdf2" }, ONE],
  ["slappasswd", "PBKDF2-SHA256", "pbkdf2-sha256", { scheme: "PBKDF2-SHA256", module: "pw-pbkdf2" }, ONE],
  ["slappasswd", "PBKDF2-SHA512", "pbkdf2-sha512", { scheme: "PBKDF2-SHA512", module: "pw-pbkdf2" }, ONE],
  ["slappasswd", "ARGON2", "argon2i", { scheme: "ARGON2", module: "argon2" }, ONE],
  ["slappasswd", "CRYPT", "md5-crypt", { scheme: "CRYPT", crypt: "$1$%.8s" }, ONE],
  ["slappasswd", "CRYPT", "sha512-crypt", { scheme: "CRYPT", crypt: "$6$rounds=1000$%.16s" }, TEXT],
  ["slappasswd", "CRYPT", "bcrypt", { scheme: "CRYPT", crypt: "$2b$04$%.22s" }, ONE],
  ["slappasswd", "CRYPT", "yescrypt", { scheme: "CRYPT", crypt: "$y$j75$%.8s" }, ONE],

  ["mosquitto_passwd", "sha512-pbkdf2", "pbkdf2-sha512", { algorithm: "sha512-pbkdf2" }, TEXT],
  ["mosquitto_passwd", "sha512", "salted-digest", { algorithm: "sha512" }, TEXT],

  ["doveadm", "ARGON2ID", "argon2id", {}, ONE],
  ["doveadm", "ARGON2I", "argon2i", { args: ["-r", "3"] }, ONE],
  ["doveadm", "BLF-CRYPT", "bcrypt", { args: ["-r", "4"] }, TEXT],
  ["doveadm", "SHA256-CRYPT", "sha256-crypt", { args: ["-r", "1000"] }, ONE],
  ["doveadm", "SHA512-CRYPT", "sha512-crypt", { args: ["-r", "1000"] }, TEXT],
  ["doveadm", "CRYPT", "bcrypt", { args: ["-r", "4"] }, ONE],
  ["doveadm", "MD5-CRYPT", "md5-crypt", {}, ONE],
  ["doveadm", "MD5", "md5-crypt", {}, ONE],
  ["doveadm", "PBKDF2", "pbkdf2-sha1", { args: ["-r", "1000"] }, TEXT],
  ["doveadm", "SHA", "salted-digest", {}, ONE],
  ["doveadm", "SHA1", "salted-digest", {}, ONE],
  ["doveadm", "SHA256", "salted-digest", {}, ONE],
  ["doveadm", "SHA512", "salted-digest", {}, ONE],
  ["doveadm", "SSHA", "salted-digest", {}, TEXT],
  ["doveadm", "SSHA256", "salted-digest", {}, ONE],
  ["doveadm", "SSHA512", "salted-digest", {}, TEXT],
  ["doveadm", "SMD5", "salted-digest", {}, ONE],
  ["doveadm", "PLAIN-MD5", "salted-digest", {}, ONE],
  ["doveadm", "LDAP-MD5", "salted-digest", {}, ONE],
  ["doveadm", "SSHA.HEX", "salted-digest", {}, ONE],
  ["doveadm", "SSHA512.HEX", "salted-digest", {}, ONE],
  ["doveadm", "SHA256.HEX", "salted-digest", {}, ONE],
  ["doveadm", "SHA512.b64", "salted-digest", {}, ONE],
  ["doveadm", "SHA512-CRYPT.b64", "sha512-crypt", {}, ONE],
  ["doveadm", "SHA512-CRYPT.HEX", "sha512-crypt", { args: ["-r", "1000"] }, ONE],
  ["doveadm", "SHA256-CRYPT.base64", "sha256-crypt", { args: ["-r", "1000"] }, ONE],
  ["doveadm", "BLF-CRYPT.b64", "bcrypt", { args: ["-r", "4"] }, ONE],
  ["doveadm", "CRYPT.hex", "bcrypt", { args: ["-r", "4"] }, ONE],
  ["doveadm", "MD5-CRYPT.b64", "md5-crypt", {}, ONE],
  ["doveadm", "MD5.b64", "md5-crypt", {}, ONE],
  ["doveadm", "MD5.HEX", "md5-crypt", {}, ONE],
  ["doveadm", "PBKDF2.b64", "pbkdf2-sha1", { args: ["-r", "1000"] }, ONE],
  ["doveadm", "ARGON2ID.HEX", "argon2id", {}, ONE],
  ["doveadm", "SSHA256.base64", "salted-digest", {}, ONE],

  ["ASP.NET Identity v2", "v2", "aspnet-identity-v2", {}, MORE],
  ["BCrypt.Net", "enhanced-sha384", null, { rounds: 4 }, MORE],
  ["Clerk", "pbkdf2_sha256", "pbkdf2-sha256", { iterations: 1000 }, TEXT],
  ["Clerk", "pbkdf2_sha1", "pbkdf2-sha1", { iterations: 1000 }, ONE],
  ["Discourse", "phc", "pbkdf2-sha256", { iterations: 1000 }, TEXT],
  ["Drupal", "sha512", "drupal", { cost: 7 }, MORE],
  ["Drupal", "sha512", "drupal", { cost: 15 }, ONE],
  ["Drupal", "sha512-of-md5", "drupal", { cost: 7 }, TEXT],
  ["Firebase", "fbscrypt", "firebase-scrypt", { n: 6, r: 8 }, ONE],
  ["Jenkins", "jbcrypt", "bcrypt", { rounds: 4 }, TEXT],
  ["Jupyter", "argon2", "argon2id", { time: 10, memory: 64, threads: 8 }, TEXT],
  ["Keycloak", "pbkdf2", "pbkdf2-sha256", { digest: "sha256", iterations: 1000, bytes: 64 }, MORE],
  ["Keycloak", "pbkdf2", "pbkdf2-sha256", { digest: "sha256", iterations: 27500, bytes: 64 }, ONE],
  ["Keycloak", "pbkdf2", "pbkdf2-sha1", { digest: "sha1", iterations: 1000, bytes: 64 }, ONE],
  ["Keycloak", "pbkdf2", "pbkdf2-sha512", { digest: "sha512", iterations: 1000, bytes: 64 }, ONE],
  ["MediaWiki", "A", "salted-digest", {}, ONE],
  ["MediaWiki", "B", "salted-digest", {}, TEXT],
  ["MediaWiki", "pbkdf2", "pbkdf2-sha512", { digest: "sha512", iterations: 1000, bytes: 64 }, TEXT],
  ["MediaWiki", "pbkdf2", "pbkdf2-sha256", { digest: "sha256", iterations: 1000, bytes: 128 }, ONE],
  ["MediaWiki", "bcrypt", "bcrypt", { rounds: 4 }, ONE],
  ["MediaWiki", "argon2", "argon2id", { time: 2, memory: 64, threads: 1 }, ONE],
  ["Meteor", "bcrypt", null, { rounds: 4 }, MORE],
  ["Nextcloud", "1", "bcrypt", { rounds: 4 }, TEXT],
  ["Nextcloud", "2", "argon2i", { time: 4, memory: 64, threads: 1, type: "argon2i" }, ONE],
  ["Nextcloud", "3", "argon2id", { time: 4, memory: 64, threads: 1 }, TEXT],
  ["Node.js", "scrypt-salt:key", "scrypt", {}, TEXT],
  ["Node.js", "scrypt-bytes:key", "scrypt", {}, ONE],
  ["Node.js", "scrypt-key.salt", "scrypt", {}, ONE],
  ["Node.js", "scrypt-salt.key", "scrypt", {}, ONE],
  ["Node.js", "scrypt:salt:key", "scrypt", {}, ONE],
  ["Node.js", "scrypt$salt$key", "scrypt", {}, ONE],
  ["Node.js", "pbkdf2-1000-sha512", "pbkdf2-sha512", {}, ONE],
  ["Node.js", "pbkdf2-10000-sha512", "pbkdf2-sha512", {}, ONE],
  ["Node.js", "pbkdf2-100000-sha512", "pbkdf2-sha512", {}, ONE],
  ["Seafile", "pbkdf2", "pbkdf2-sha256", { iterations: 1000 }, ONE],
  ["Spring Security", "bcrypt", "bcrypt", { rounds: 4 }, TEXT],
  ["Spring Security", "argon2@5.8", "argon2id", { time: 2, memory: 64, threads: 1 }, ONE],
  ["Spring Security", "argon2", "argon2id", { time: 3, memory: 64, threads: 1 }, ONE],
  ["Spring Security", "pbkdf2@5.8", "pbkdf2-sha256", {}, ONE],
  ["Spring Security", "pbkdf2-5.8", "pbkdf2-sha256", {}, ONE],
  ["Spring Security", "pbkdf2", "pbkdf2-sha1", {}, ONE],
  ["Spring Security", "scrypt@5.8", "scrypt", { cost: 6, r: 8, p: 1, saltBytes: 16 }, TEXT],
  ["Spring Security", "scrypt@5.8", "scrypt", { cost: 16, r: 8, p: 1, saltBytes: 16 }, ONE],
  ["Spring Security", "scrypt", "scrypt", { cost: 6, r: 8, p: 1, saltBytes: 64 }, ONE],
  ["Spring Security", "MD5", "salted-digest", {}, TEXT],
  ["Spring Security", "SHA-1", "salted-digest", {}, ONE],
  ["Spring Security", "SHA-256", "salted-digest", {}, TEXT],
  ["Spring Security", "SHA-512", "salted-digest", {}, ONE],
  ["Spring Security", "SHA-256 in base64", "salted-digest", {}, ONE],
  ["Spring Security", "SHA-1 alone", "salted-digest", {}, ONE],
  ["Spring Security", "sha256", "salted-digest", {}, TEXT],
  ["Werkzeug 2", "digest", "salted-digest", { digest: "sha256" }, ONE],
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

/**
 * Whether a new hash replaces this one at login: it is weak, and the software hashed this password alone, not also others
 * that a new hash would refuse.
 */
export function isRenewed(scheme, password, stored) {
  // The default costs of Dovecot and of MediaWiki.
  if (/\$m=65536,t=[34],p=1\$/.test(stored) || stored.startsWith("{ARGON2ID.HEX}")) return false;
  if (scheme === "better-auth" || scheme === "lucia-legacy" || stored.startsWith("$scram$"))
    return password === password.normalize("NFKC");
  if (scheme === "wordpress" || stored.startsWith("$P$")) return password === password.trim();
  return true;
}

const RARE = [
  /^(#jbcrypt:|[123]\||:(A|B|argon2|bcrypt|pbkdf2):|U\$S\$|argon2:|(md5|sha\d+|PBKDF2SHA256)\$|grub\.|\*|\{)/,
  /^\$(1|S|apr1|digest|fbscrypt|firescrypt|gy|p5k2|scram|sha1|y)\$/,
  /^\$[67]\$.*==$/,
  /^A[A-P].{64}==$/,
];

/** Every scheme that is read, also what a policy must name. */
export const READ = [...new Set(["argon2id", ...FORMATS.flatMap(({ scheme }) => scheme ?? [])])];

/** Whether only `countersign/formats` reads a hash. */
export function isRare(stored) {
  return RARE.some((pattern) => pattern.test(stored));
}
