/** Reads the keys of a file, and asks for its passphrase. */

import { isCountersignError } from "../report/failure.js";
import { type KeyFile, keysOf } from "../report/read-keys.js";
import { shown } from "../report/text.js";
import type { Call } from "./call.js";
import { usage } from "./failure.js";
import { readSecretText } from "./secrets.js";

/** Asks for a passphrase when a key needs one. */
export class Passphrase {
  readonly #call: Call;
  #text: string | undefined;

  constructor(call: Call) {
    this.#call = call;
  }

  /** The passphrase, if it was asked for. */
  get known(): string | undefined {
    return this.#text;
  }

  /** The passphrase of a file. */
  async of(name: string): Promise<string> {
    this.#text ??= await readSecretText(this.#call, "passphrase", { text: `passphrase of ${shown(name)}` });
    if (this.#text !== undefined) return this.#text;
    throw usage(`${shown(name)} is encrypted: give --passphrase-file, --passphrase-env or --passphrase-stdin`);
  }
}

/** Reads the keys of a file. `--alg` says the algorithm of those that do not say it, unless the command gives `alg`. */
export async function readKeys(
  call: Call,
  path: string,
  passphrase = new Passphrase(call),
  { alg }: { alg: string | undefined } = { alg: call.text("alg") },
): Promise<KeyFile> {
  const bytes = call.readFile(path, "a key");
  const name = path === "-" ? "the key" : path;
  try {
    return await keysOf(bytes, {
      alg,
      name,
      allowShort: call.has("allow-short"),
      passphrase: () => passphrase.of(name),
    });
  } catch (thrown) {
    const isOther = isCountersignError(thrown) && /^no PEM block found/.test(thrown.message);
    if (isOther && call.command.options.some((option) => option.name === "secret-file"))
      thrown.message += "; an HMAC secret is given with --secret-file";
    throw thrown;
  }
}
