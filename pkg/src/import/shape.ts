/** Checks hashes that need no conversion. */

import { malformed } from "./row.js";

const BASE64 = "[A-Za-z0-9+/]";
const SALT = `\\$${BASE64}+={0,2}`;
/** 8 bytes or more, in canonical base64. */
const ARGON2_TAG = `\\$(?=${BASE64}{11})(${BASE64}{4})*(${BASE64}{4}|${BASE64}[AQgw](==)?|${BASE64}{2}[AEIMQUYcgkosw048]=?)$`;
const argon2 = (variants: string) =>
  new RegExp(`^\\$argon2(${variants})\\$(v=\\d+\\$)?[a-zA-Z0-9=,+/]+${SALT}${ARGON2_TAG}`);

/** The whole shape of each hash. If a column was too narrow, the end is missing, and every password would be wrong. */
const SHAPES = {
  argon2: argon2("id|i|d"),
  argon2i: argon2("i"),
  argon2id: argon2("id"),
  bcrypt: /^\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}$/,
  bcrypt_sha256_django: /^bcrypt_sha256\$\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/,
  fbscrypt: /^\$fbscrypt\$[^$]+\$[^$]+\$[A-Za-z0-9+/_-]{16,}={0,2}$/,
  ldap: /^\{[A-Za-z0-9._-]+\}[!-~]+$/,
  ldap_ssha: /^\{SSHA\}[A-Za-z0-9+/]{28,}={0,2}$/,
  pbkdf2: new RegExp(`^\\$pbkdf2-(sha1|sha256|sha512)\\$i=\\d+(,l=\\d+)?${SALT}\\$${BASE64}{16,}={0,2}$`),
  pbkdf2_sha256_django: /^pbkdf2_sha256\$\d+\$[!-#%-~]+\$[A-Za-z0-9+/]{43}=?$/,
  phpass: /^\$[PH]\$[./A-Za-z0-9]{31}$/,
  scrypt_werkzeug: /^scrypt:\d+:\d+:\d+\$[!-#%-~]+\$[0-9a-f]{128}$/,
} as const;

/** The name of a shape. */
export type Shape = keyof typeof SHAPES;

/** Whether there is a shape of this name. */
export function isShape(name: string): name is Shape {
  return Object.hasOwn(SHAPES, name);
}

/** Whether a text has this shape. */
export function hasShape(text: string, shape: Shape): boolean {
  return SHAPES[shape].test(text);
}

/** The text, if it has this shape. `name` is the name of its property. */
export function expectShape(text: string, shape: Shape, name: string): string {
  if (hasShape(text, shape)) return text;
  throw malformed(`row's "${name}" is not a hash of ${shape}, or is cut short`);
}
