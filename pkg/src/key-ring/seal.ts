/** Encrypts the row of a ring: AES-256-GCM with a key that HKDF derives from the secret (decision 0046). */

import { type Bytes, base64url, fromBase64url } from "../bytes.js";
import { once } from "../once.js";
import { invalid } from "../options.js";
import { unavailable } from "../stores/store.js";

/** A row: `writes` counts the changes, and `secret` names the secret that it is encrypted with. */
interface SealedRow {
  readonly v: 1;
  readonly writes: number;
  readonly secret: string;
  readonly salt: string;
  readonly iv: string;
  readonly data: string;
}

/** What is in a row. */
export interface OpenedRow {
  readonly text: string;
  readonly writes: number;
}

/** Encrypts with the first secret, and decrypts with all. */
export class Seal {
  readonly #label: string;
  /** With the first use: Workers do no cryptography at start-up. */
  readonly #imported: () => Promise<{ name: string; base: CryptoKey }[]>;

  constructor(secrets: readonly Bytes[], ringName: string) {
    this.#imported = once(() => Promise.all(secrets.map(derive)));
    this.#label = `countersign key ring\n${ringName}`;
  }

  async close({ text, writes }: OpenedRow): Promise<string> {
    const [first] = await this.#imported();
    const { base, name } = first as { name: string; base: CryptoKey };
    const [salt, iv] = [16, 12].map((length) => crypto.getRandomValues(new Uint8Array(length))) as [Bytes, Bytes];
    const key = await this.#keyOf(base, salt);
    const data = await crypto.subtle.encrypt(this.#algorithm(iv, writes), key, utf8(text));
    const row: SealedRow = {
      v: 1,
      writes,
      secret: name,
      salt: base64url(salt),
      iv: base64url(iv),
      data: longBase64url(new Uint8Array(data)),
    };
    return JSON.stringify(row);
  }

  /**
   * @throws {CountersignError} `OPTION_INVALID`: none of the secrets is that of the row. `STORE_UNAVAILABLE`: the row was not
   * written by this class, or was altered.
   */
  async open(value: string): Promise<OpenedRow> {
    const row = parse(value);
    const known = (await this.#imported()).find(({ name }) => name === row.secret);
    if (known === undefined)
      throw invalid('option "secret" is not the one that the keys in the store are encrypted with');
    try {
      const key = await this.#keyOf(known.base, fromBase64url(row.salt));
      const algorithm = this.#algorithm(fromBase64url(row.iv), row.writes);
      const text = await crypto.subtle.decrypt(algorithm, key, fromBase64url(row.data));
      return { text: new TextDecoder().decode(text), writes: row.writes };
    } catch {
      throw notOurs();
    }
  }

  /** Whether a row is encrypted with the first secret. */
  async isCurrent(value: string): Promise<boolean> {
    return (await this.#imported())[0]?.name === parse(value).secret;
  }

  #keyOf(base: CryptoKey, salt: Bytes): Promise<CryptoKey> {
    const from = { name: "HKDF", hash: "SHA-256", salt, info: utf8(this.#label) };
    return crypto.subtle.deriveKey(from, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  /** The row of another ring, or another count of changes, does not decrypt. */
  #algorithm(iv: Bytes, writes: number): { name: string; iv: Bytes; additionalData: Bytes } {
    return { name: "AES-GCM", iv, additionalData: utf8(`${this.#label}\n${writes}`) };
  }
}

/** A secret for HKDF, with a name that reveals nothing about random bytes. */
async function derive(secret: Bytes): Promise<{ name: string; base: CryptoKey }> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits", "deriveKey"]);
  const info = utf8("countersign key ring: name of the secret");
  const from = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return { name: base64url(new Uint8Array(await crypto.subtle.deriveBits(from, base, 72))), base };
}

function parse(value: string): SealedRow {
  try {
    const row = JSON.parse(value) as Partial<SealedRow> | null;
    // Nothing decrypts without the other texts.
    if (row?.v === 1 && Number.isSafeInteger(row.writes) && typeof row.secret === "string") return row as SealedRow;
  } catch {}
  throw notOurs();
}

const notOurs = () => unavailable("the store returned a row that was not written here");

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** A multiple of three, so that the parts can be joined. */
const PART = 24_000;

/** `base64url` passes each byte as an argument, and engines limit how many there may be. */
function longBase64url(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += PART) text += base64url(bytes.subarray(start, start + PART));
  return text;
}
