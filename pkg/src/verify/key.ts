/** In the bundle of `countersign/verify`, this file takes the place of `key.ts`: public keys come in sets only. */

import { notOurs } from "../handle.js";
import type * as full from "../key.js";

/** The class that no value has. */
// biome-ignore lint/complexity/noStaticOnlyClass: it has the form of the class in `key.ts`.
export class Key {
  static isKey(_value: unknown): _value is full.Key {
    return false;
  }
}

const NO_SET =
  "not a KeySet or RemoteKeySet from this copy of the package: make one with KeySet.fromJwks or new RemoteKeySet";

export function expectKey(value: unknown): never {
  throw notOurs(value, NO_SET, "KEY_INVALID", ["KeySet"]);
}

/** What else a value is, only the larger modules say. */
export function setRefusal(thrown: unknown): unknown {
  return thrown;
}

({ expectKey, setRefusal }) satisfies Pick<typeof full, "expectKey" | "setRefusal">;
