/** Finds a secret or a key in a line of settings, such as `JWT_SECRET=…` in a file `.env`. */

/** What a line of settings holds. */
export interface Setting {
  /** The name of the variable. */
  name: string;
  /** Its value, without quotes. */
  value: string;
}

/** Longer texts are not searched. */
const MAX_LENGTH = 65_536;

const LINE = /^[ \t]*(?:export[ \t]+|set[ \t]+|\$env:)?([A-Za-z][\w.-]{0,63})[ \t]*[=:][ \t]*(\S.*)$/gim;

/** Names of secrets and of keys for signatures. Those of other keys, such as `API_KEY`, are not for tokens. */
const NAME = /secret|pepper|(?:jwt|jwk|jose|sign\w*|private|public|encryption|hmac)[_.-]?(?:\w+[_.-])?keys?$/i;

/** The one setting of a text that is a secret or a key; `undefined` if there is none, or more than one. */
export function settingIn(text: string): Setting | undefined {
  if (MAX_LENGTH < text.length) return undefined;
  const found: Setting[] = [];
  for (const [, name = "", line = ""] of text.matchAll(LINE)) {
    const given = line.trimEnd();
    const value = /^(["'`])(.*)\1;?$/.exec(given)?.[2] ?? given;
    // Without quotes, a value has no spaces: that would be a sentence, or several words of a command.
    if (NAME.test(name) && value !== "" && (value !== given || !/\s/.test(value) || /^[{[]/.test(value)))
      found.push({ name, value });
    if (found.length > 1) return undefined;
  }
  return found[0];
}
