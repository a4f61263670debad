/** The marks that systems store in place of a hash, for a user without a password. */

import { fromBase64 } from "./base64.js";

/** No hash begins so: locked hashes, such as `!$6$…`, are none of these. `x` is none either, because it says that the hash is elsewhere. */
const MARKS = [
  [/^!$/, "Django and Unix mark a user without a password so"],
  // The core compares no password with these.
  [/^![A-Za-z0-9]{1,64}$/, "Django marks a user without a password so"],
  [/^(?:\*|!!|!\*|\*LK\*)$/, "Unix marks a user without a password so"],
  [/^\{CRYPT\}(?:\*|!|!!|!\*|\*LK\*)$/i, "LDAP servers mark a user without a password so"],
] as const;

/** A line of /etc/shadow, whose second field is the hash. */
const SHADOW = /^[A-Za-z_][\w.-]{0,63}\$?:([^:]{1,80})(?::\d{0,10}){6}:\d*$/;

/** One line of LDIF (RFC 2849). */
const LDIF = /^userPassword(::?)[ \t]*(\S{1,100})$/i;

/** What a mark for a user without a password means, or `undefined` if the text is no such mark. */
export function meaningOfMark(text: string): string | undefined {
  const [, colons, value = ""] = LDIF.exec(text) ?? [];
  const [, field] = SHADOW.exec(text) ?? [];
  const mark = colons === "::" ? new TextDecoder().decode(fromBase64(value)) : colons === ":" ? value : (field ?? text);
  return MARKS.find(([form]) => form.test(mark))?.[1];
}
