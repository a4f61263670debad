/** The forms of stored hashes that cannot be anything else, and finds them in a row of a dump. */

import { fromBase64 } from "./base64.js";

/** The characters of a hash. A comma only separates parameters before a dollar sign, because it also separates columns of a dump. */
const BARE = String.raw`[\w./+=$*@-]`;
const PARAMETER = String.raw`[a-z][\w-]{0,9}=[\w./+=-]{0,200}`;
const BODY = String.raw`(?:${BARE}|,(?=(?:${PARAMETER},){0,8}${PARAMETER}\$))`;

const FORMS = [
  // bcrypt, also cut or with a label.
  String.raw`(?:#\w+:|\d\|)?\$2[abxy]?\$\d\d\$${BARE}*`,
  String.raw`\$bcrypt-sha256\$2[aby],\d+\$${BARE}{22,}`,
  // Argon2, also cut or with a label, and SCRAM, which has several digests.
  String.raw`(?:argon2:|\d\|)?\$argon2(?:id?|d)\$${BODY}*`,
  String.raw`\$scram\$\d+\$${BARE}{22,}(?:,sha-\d+=${BARE}+)*`,
  // Modular crypt and PHC.
  String.raw`[A-Z]?\$[A-Za-z0-9][\w-]{0,30}[$,]${BODY}{22,}`,
  // LDAP, Dovecot and Spring Security.
  String.raw`\{[A-Za-z][\w.@-]{1,40}\}(?:\{[^{}\s]{1,128}\})?${BODY}{8,}`,
  String.raw`\{FSHP\d\|\d+\|\d+\}${BARE}{8,}`,
  // Django, Werkzeug and others that begin with the name of the scheme.
  String.raw`(?:argon2|bcrypt(?:_sha256)?|md5|PBKDF2\w*|pbkdf2_\w+|pbkdf2(?::\w+){1,2}|scrypt(?::\d+){3}|scrypt|sha\d+)\$${BODY}{16,}`,
  String.raw`SCRAM-SHA-\d+\$\d+:${BARE}{8,}:${BARE}{8,}`,
  String.raw`grub\.pbkdf2\.\w+\.\d+\.[\w.]{32,}`,
  // MediaWiki.
  String.raw`:A:[0-9a-f]{32}|:B:[^:\s]{1,64}:[0-9a-f]{32}|:(?:argon2|bcrypt):${BODY}{16,}`,
  String.raw`:pbkdf2:\w+:\d+:\d+:${BARE}{4,}:${BARE}{16,}`,
  // ASP.NET Core Identity.
  String.raw`AQAAAA[AEI]A[\w+/]{40,}={0,2}`,
  // MySQL, PostgreSQL and SQL Server.
  String.raw`\*[0-9A-Fa-f]{40}`,
  "md5[0-9a-f]{32}",
  "0x0[12]00[0-9A-Fa-f]{40,}",
  // Node's scrypt: salt and key, or key and salt. Lucia's salts are letters and digits.
  String.raw`(?:s2:|scrypt:)?[0-9a-z]{16,32}:[0-9a-f]{128}|[0-9a-f]{128}\.[0-9a-f]{32}|[0-9a-f]{32}\.[0-9a-f]{128}`,
].join("|");

/** What a Unix system writes before a hash to lock its account: the core says that nobody can log in. */
const LOCK = String.raw`!{1,2}|\*LK\*|\*LOCKED\*`;

const ALONE = new RegExp(`^(?:${LOCK})?(?:${FORMS})$`);

/** Whether a text is a stored hash and nothing else. Secrets in hexadecimal or base64 are not taken for one. */
export function isStoredHash(text: string): boolean {
  return text.length <= 4096 && ALONE.test(text);
}

/** An entry of LDIF (RFC 2849), or of the settings of OpenLDAP. After two colons, the value is base64. */
const LDIF = /^(?:userPassword|olcRootPW)(?:;[\w-]{1,30}){0,3}(::?)[ \t]*(\S+)[ \t]*$/gim;

/** The stored hashes in LDIF, each once. Passwords that are not hashed are left out. */
export function hashesInLdif(text: string): string[] {
  if (MAX_LENGTH < text.length) return [];
  // A line that begins with a space continues the line before it.
  const values = [...text.replace(/\r?\n[ \t]/g, "").matchAll(LDIF)].map(([, colons, value = ""]) =>
    colons === "::" ? new TextDecoder().decode(fromBase64(value)) : value,
  );
  return [...new Set(values.filter(isStoredHash))].slice(0, MAX_HASHES);
}

const IN_A_ROW = new RegExp(String.raw`(?<![^\s,;|:"'\x60(=>])(?:${LOCK})?(?:${FORMS})(?![\w./+=$@-])`, "g");

/** What may be something else: a digest in hexadecimal, or the hash of ASP.NET Identity 2. */
const MAYBE =
  /(?<![\w.+/-])(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{56}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128}|A[A-P][A-Za-z0-9+/]{64}==)(?![\w.+/=-])/g;

/** Longer texts are files, which `countersign import` reads. */
const MAX_LENGTH = 65_536;

/** The most hashes of a text that are told apart. */
const MAX_HASHES = 8;

/**
 * The stored hashes in a text, such as a row of a dump or of a password file, each once. One that may be something else is only
 * given if there is no other.
 */
export function hashesIn(text: string): string[] {
  if (MAX_LENGTH < text.length) return [];
  const found = new Set<string>();
  for (const [hash] of text.matchAll(IN_A_ROW)) {
    found.add(hash);
    if (found.size === MAX_HASHES) break;
  }
  if (found.size > 0) return [...found];
  const maybe = new Set([...text.matchAll(MAYBE)].map(([hash]) => hash));
  return maybe.size === 1 ? [...maybe] : [];
}
