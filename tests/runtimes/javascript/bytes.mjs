// Key material as bytes: views, other realms, and what is no Uint8Array at all.

import { holds, refuses, same, table } from "./assertions.mjs";
import { goodToken, now, secret, secretText } from "./materials.mjs";

export const cases = [
  {
    name: "takes_a_view_of_a_buffer_for_its_own_bytes_alone",
    check: (countersign) => {
      const buffer = new Uint8Array([...new Uint8Array(7).fill(255), ...secret, ...new Uint8Array(9).fill(254)]).buffer;
      const view = new Uint8Array(buffer, 7, secret.length);
      same(countersign.Key.fromSecret(view, { alg: "HS512" }).toJwk({ private: true }), {
        kty: "oct",
        alg: "HS512",
        k: secretText,
      });
    },
  },
  {
    name: "takes_bytes_of_another_realm",
    check: (countersign, realm) => {
      const foreign = new realm.Uint8Array(Array.from(secret));
      holds(Object.getPrototypeOf(foreign) !== Uint8Array.prototype, "the bytes are of this realm");
      same(countersign.Key.fromSecret(foreign, { alg: "HS256" }).toJwk({ private: true }), {
        kty: "oct",
        alg: "HS256",
        k: secretText,
      });
    },
  },
  ...table(
    [
      ["an_array_of_numbers", Array.from(secret)],
      ["an_array_buffer", secret.buffer],
      ["a_wider_view", new Uint16Array(64)],
      ["a_data_view", new DataView(new ArrayBuffer(64))],
      ["an_object_like_bytes", { length: 64, 0: 1, byteLength: 64, [Symbol.toStringTag]: "Uint8Array" }],
    ],
    (what) => `refuses_${what}_for_bytes`,
    (countersign, value) =>
      refuses(countersign, () => countersign.Key.fromSecret(value, { alg: "HS256" }), [
        "KEY_INVALID",
        "secret is not a Uint8Array",
      ]),
  ),
  {
    name: "is_not_changed_by_later_writes_to_the_secret",
    check: (countersign) => {
      const bytes = secret.slice();
      const key = countersign.Key.fromSecret(bytes, { alg: "HS256" });
      bytes.fill(0);
      same(countersign.verify(goodToken(countersign), key, { now }).claims.sub, "alice");
    },
  },
  {
    name: "leaves_the_secret_of_the_caller_as_it_was",
    check: (countersign) => {
      const bytes = secret.slice();
      const key = countersign.Key.fromSecret(bytes, { alg: "HS256" });
      same(key.type, "secret");
      key.free();
      same(Array.from(bytes), Array.from(secret));
    },
  },
];
