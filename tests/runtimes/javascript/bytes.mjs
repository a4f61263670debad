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
        "secret is not a string or a Uint8Array",
      ]),
  ),
  {
    name: "takes_the_bytes_that_are_there_whatever_length_they_claim",
    check: (countersign) => {
      for (const [real, claimed] of [
        [4000, 32],
        [32, 30_000],
        [0, 64],
      ]) {
        class Lying extends Uint8Array {
          get length() {
            return claimed;
          }
        }
        const make = () => countersign.Key.fromSecret(new Lying(real), { alg: "HS256" });
        if (real === 0) refuses(countersign, make, ["KEY_TOO_WEAK", "secret is empty"]);
        else same(make().toJwk({ private: true }).k.length, Math.ceil((real * 4) / 3));
      }
    },
  },
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
