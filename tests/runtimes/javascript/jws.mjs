// JWS over any bytes as JavaScript values: bytes in and out, objects for JSON, and what no token function takes.

import { holds, refuses, same, table, thrownBy } from "./assertions.mjs";
import { algorithms, ed25519Key, hmacKey, keyFor, nonStrings, now } from "./materials.mjs";

const TEXT = [104, 105, 46, 0, 255];
const payload = Uint8Array.from(TEXT);
const compact = (countersign, options) => countersign.signJws(payload, hmacKey(countersign), options);
const inJson = (countersign, options) =>
  countersign.signJwsJson(payload, { key: ed25519Key(countersign, { kid: "a" }) }, options);

const notBytes = [
  ["undefined", undefined],
  ["null", null],
  ["text", "hi"],
  ["an_array_of_numbers", TEXT],
  ["an_array_buffer", payload.buffer],
  ["a_wider_view", new Uint16Array(4)],
  ["a_data_view", new DataView(payload.buffer)],
  ["an_object_like_bytes", { length: 4, 0: 1, byteLength: 4, [Symbol.toStringTag]: "Uint8Array" }],
];

function cycle() {
  const value = {};
  value.payload = value;
  return value;
}

/** Both checks, as functions of the keys and the options. */
const checks = [
  ["verifyJws", (countersign, keys, options) => countersign.verifyJws(compact(countersign), keys, options)],
  ["verifyJwsJson", (countersign, keys, options) => countersign.verifyJwsJson(inJson(countersign), keys, options)],
];

export const cases = [
  ...table(
    algorithms.map((alg) => [alg.toLowerCase(), alg]),
    (alg) => `checks_every_jws_it_signs_with_${alg}`,
    (countersign, alg) => {
      const key = keyFor(countersign, alg);
      const set = new countersign.KeySet([key]);
      for (const b64 of [true, false]) {
        for (const detached of [true, false]) {
          // An unencoded payload that is within the JWS is text.
          const bytes = b64 || detached ? payload : Uint8Array.from([104, 105]);
          const beside = detached ? { detached: bytes } : {};
          const one = countersign.signJws(bytes, key, { b64, detached });
          same(Array.from(countersign.verifyJws(one, key, beside).payload), Array.from(bytes));
          same(countersign.verifyJws(one, set, beside).header.alg, alg);
          const flattened = countersign.signJwsJson(bytes, { key }, { b64, detached });
          const general = countersign.signJwsJson(bytes, [{ key }], { b64, detached });
          for (const jws of [flattened, general, JSON.stringify(flattened), JSON.stringify(general)]) {
            const verified = countersign.verifyJwsJson(jws, set, { ...beside, require: "all" });
            same(Array.from(verified.payload), Array.from(bytes));
            same([verified.signatures.length, verified.signatures[0].header.alg], [1, alg]);
          }
        }
      }
    },
  ),
  ...table(
    notBytes,
    (what) => `refuses_to_sign_a_payload_that_is_${what}`,
    (countersign, value) => {
      const notThem = ["OPTION_INVALID", "payload is not a Uint8Array"];
      const key = hmacKey(countersign);
      refuses(countersign, () => countersign.signJws(value, key), notThem);
      refuses(countersign, () => countersign.signJwsJson(value, { key }), notThem);
      refuses(countersign, () => countersign.signJwsJson(value, [{ key }]), notThem);
    },
  ),
  ...table(
    notBytes.slice(1),
    (what) => `refuses_a_detached_payload_that_is_${what}`,
    (countersign, detached) => {
      const notThem = ["OPTION_INVALID", 'option "detached" is not a Uint8Array'];
      for (const [, check] of checks)
        refuses(countersign, () => check(countersign, hmacKey(countersign), { detached }), notThem);
    },
  ),
  ...table(
    nonStrings,
    (what) => `refuses_a_jws_that_is_${what}`,
    (countersign, value) => {
      const key = hmacKey(countersign);
      refuses(countersign, () => countersign.verifyJws(value, key), ["TOKEN_MALFORMED", "JWS is not a string"]);
    },
  ),
  ...table(
    [
      ...nonStrings,
      ["a_map", new Map([["payload", ""]])],
      ["a_cycle", cycle()],
      ["an_object_with_a_bigint", { payload: 1n }],
      [
        "an_object_that_cannot_be_read",
        {
          get payload() {
            throw new Error("not mine");
          },
        },
      ],
    ],
    (what) => `refuses_a_json_jws_that_is_${what}`,
    (countersign, value) => {
      refuses(countersign, () => countersign.verifyJwsJson(value, hmacKey(countersign)), [
        "TOKEN_MALFORMED",
        "JWS is not a string or an object that JSON can carry",
      ]);
    },
  ),
  {
    name: "refuses_a_json_jws_whose_payload_has_a_lone_surrogate",
    check: (countersign) => {
      const jws = { ...inJson(countersign), payload: "\ud800" };
      for (const value of [jws, JSON.stringify(jws)]) {
        refuses(countersign, () => countersign.verifyJwsJson(value, ed25519Key(countersign)), [
          "TOKEN_MALFORMED",
          "JWS is not JSON",
        ]);
      }
    },
  },
  {
    name: "takes_payloads_of_another_realm",
    check: (countersign, realm) => {
      const foreign = new realm.Uint8Array(TEXT);
      holds(Object.getPrototypeOf(foreign) !== Uint8Array.prototype, "the bytes are of this realm");
      const detached = countersign.signJws(foreign, hmacKey(countersign), { detached: true });
      same(Array.from(countersign.verifyJws(detached, hmacKey(countersign), { detached: foreign }).payload), TEXT);
    },
  },
  {
    name: "takes_a_payload_for_its_own_bytes_whatever_length_it_claims",
    check: (countersign) => {
      class Lying extends Uint8Array {
        get length() {
          return 2;
        }
      }
      const lying = Lying.from(TEXT);
      const key = hmacKey(countersign);
      same(countersign.signJws(lying, key), compact(countersign));
      const detached = compact(countersign, { detached: true });
      same(Array.from(countersign.verifyJws(detached, key, { detached: lying }).payload), TEXT);
      refuses(countersign, () => countersign.verifyJws(detached, key, { detached: payload.subarray(0, 2) }), [
        "TOKEN_SIGNATURE_INVALID",
        "signature does not match",
      ]);
    },
  },
  {
    name: "gives_a_payload_that_is_the_callers_alone",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const detached = payload.slice();
      const first = countersign.verifyJws(compact(countersign, { detached: true }), key, { detached }).payload;
      const second = countersign.verifyJws(compact(countersign), key).payload;
      same([first.buffer.byteLength, second.buffer.byteLength], [TEXT.length, TEXT.length]);
      detached.fill(1);
      first.fill(2);
      same(Array.from(second), TEXT);
      same(Array.from(countersign.verifyJws(compact(countersign), key).payload), TEXT);
    },
  },
  {
    name: "reads_a_jws_up_to_its_limit_and_a_detached_payload_of_any_length",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const large = new Uint8Array(1_100_000);
      const attached = countersign.signJws(large, key);
      refuses(countersign, () => countersign.verifyJws(attached, key), [
        "TOKEN_TOO_LONG",
        "JWS is longer than 1048576 bytes",
      ]);
      same(countersign.verifyJws(attached, key, { maxLength: attached.length }).payload.length, large.length);
      const detached = countersign.signJws(large, key, { detached: true });
      same(countersign.verifyJws(detached, key, { detached: large }).payload.length, large.length);
    },
  },
  {
    name: "refuses_a_jws_longer_than_a_string_should_be",
    check: (countersign) => {
      const tooLong = ["TOKEN_TOO_LONG", "JWS is longer than 1048576 bytes"];
      const text = "a".repeat(20_000_000);
      refuses(countersign, () => countersign.verifyJws(text, hmacKey(countersign)), tooLong);
      refuses(countersign, () => countersign.verifyJwsJson(text, hmacKey(countersign)), tooLong);
    },
  },
  {
    name: "refuses_a_json_jws_that_inherits_members",
    check: (countersign) => {
      const { payload: text, ...rest } = inJson(countersign);
      const inherited = Object.assign(Object.create({ payload: text }), rest);
      refuses(countersign, () => countersign.verifyJwsJson(inherited, ed25519Key(countersign)), [
        "TOKEN_MALFORMED",
        "JWS is not a string or an object that JSON can carry",
      ]);
    },
  },
  {
    name: "gives_a_header_named_proto_no_power",
    check: (countersign) => {
      const header = JSON.parse('{"__proto__":{"admin":true}}');
      const jws = compact(countersign, { header });
      const verified = countersign.verifyJws(jws, hmacKey(countersign));
      holds(Object.hasOwn(verified.header, "__proto__"), "the parameter is gone");
      same(verified.header.admin, undefined);
    },
  },
  ...checks.flatMap(([name, check]) => [
    ...table(
      [
        ["null", null],
        ["a_string", "text"],
        ["an_array", []],
      ],
      (what) => `refuses_options_of_${name}_that_are_${what}`,
      (countersign, options) =>
        refuses(countersign, () => check(countersign, hmacKey(countersign), options), [
          "OPTION_INVALID",
          "options are not an object",
        ]),
    ),
    {
      name: `refuses_options_of_${name}_that_would_inherit_the_detached_payload`,
      check: (countersign) => {
        const inherited = Object.create({ detached: payload });
        refuses(countersign, () => check(countersign, hmacKey(countersign), inherited), [
          "OPTION_INVALID",
          "options are not a plain object",
        ]);
      },
    },
    {
      name: `refuses_an_option_of_${name}_that_cannot_be_read`,
      check: (countersign) => {
        const options = {
          get detached() {
            throw new Error("not mine");
          },
        };
        refuses(countersign, () => check(countersign, hmacKey(countersign), options), [
          "OPTION_INVALID",
          'option "detached" cannot be read',
        ]);
      },
    },
    {
      name: `takes_an_option_of_${name}_that_is_undefined_for_absent`,
      check: (countersign) => {
        const options = { detached: undefined, crit: undefined, maxLength: undefined };
        const key = name === "verifyJws" ? hmacKey(countersign) : ed25519Key(countersign);
        same(Array.from(check(countersign, key, options).payload), TEXT);
      },
    },
    {
      name: `reads_the_detached_payload_of_${name}_once`,
      check: (countersign) => {
        let reads = 0;
        const options = {
          get detached() {
            reads += 1;
            return payload;
          },
        };
        const key = ed25519Key(countersign, { kid: "a" });
        const jws =
          name === "verifyJws"
            ? countersign.signJws(payload, key, { detached: true })
            : inJson(countersign, { detached: true });
        same(Array.from(countersign[name](jws, key, options).payload), TEXT);
        same(reads, 1);
      },
    },
    {
      name: `takes_several_keys_in_${name}`,
      check: (countersign) => {
        const [secret, pair] = [hmacKey(countersign), ed25519Key(countersign, { kid: "a" })];
        const sets = [new countersign.KeySet([secret]), new countersign.KeySet([pair])];
        for (const keys of [[secret, pair], [pair, secret], sets, [secret, sets[1]]])
          same(Array.from(check(countersign, keys).payload), TEXT);
        for (const key of [secret, pair, ...sets]) {
          const fits = key === pair || key === sets[1] ? "verifyJwsJson" : "verifyJws";
          if (name === fits) same(Array.from(check(countersign, [key]).payload), TEXT);
          else thrownBy(() => check(countersign, [key]));
        }
        const overlap =
          'two keys or key sets are for the same algorithm: put the keys into one set, or check with one after the other if they have no "kid"';
        refuses(countersign, () => check(countersign, [secret, sets[0]]), ["KEY_INVALID", overlap]);
        const nested = "an element of the array is an array: put its keys into a KeySet";
        refuses(countersign, () => check(countersign, [secret, [pair]]), ["KEY_INVALID", nested]);
      },
    },
    {
      name: `says_how_to_give_${name}_the_keys_of_a_server`,
      check: (countersign) => {
        const remote = new countersign.RemoteKeySet("https://login.example/keys");
        const message = "this call fetches no keys: pass a KeySet, such as refresh() of a RemoteKeySet returns";
        for (const keys of [remote, [remote], [hmacKey(countersign), remote]])
          refuses(countersign, () => check(countersign, keys), ["KEY_INVALID", message]);
      },
    },
    {
      name: `refuses_what_is_no_key_in_${name}`,
      check: (countersign) => {
        const noKey = [
          "KEY_INVALID",
          "not a Key or KeySet from this copy of the package: make one with Key.fromSecret, Key.fromPem or Key.fromJwk",
        ];
        for (const value of [undefined, {}, "secret", ["secret"], [hmacKey(countersign), undefined]])
          refuses(countersign, () => check(countersign, value), noKey);
        refuses(countersign, () => check(countersign, []), ["KEY_INVALID", "the array of keys is empty"]);
        const key = ed25519Key(countersign);
        key.free();
        refuses(countersign, () => check(countersign, key), ["KEY_INVALID", "key has been freed"]);
      },
    },
  ]),
  {
    name: "refuses_to_sign_a_jws_with_what_is_no_key",
    check: (countersign) => {
      const noKey = [
        "KEY_INVALID",
        "not a Key or KeySet from this copy of the package: make one with Key.fromSecret, Key.fromPem or Key.fromJwk",
      ];
      for (const value of [undefined, null, {}, "secret"]) {
        refuses(countersign, () => countersign.signJws(payload, value), noKey);
        refuses(countersign, () => countersign.signJwsJson(payload, { key: value }), noKey);
        refuses(countersign, () => countersign.signJwsJson(payload, [{ key: value }]), noKey);
      }
      for (const signer of [undefined, null, "signer", [undefined], [null]])
        refuses(countersign, () => countersign.signJwsJson(payload, signer), noKey);
      const set = new countersign.KeySet([hmacKey(countersign)]);
      refuses(countersign, () => countersign.signJws(payload, set), ["KEY_INVALID", "expected one Key, not a KeySet"]);
    },
  },
  {
    name: "refuses_signers_whose_members_are_inherited",
    check: (countersign) => {
      const inherited = Object.create({ typ: "example" }, { key: { value: hmacKey(countersign), enumerable: true } });
      for (const signers of [inherited, [inherited]]) {
        refuses(countersign, () => countersign.signJwsJson(payload, signers), [
          "OPTION_INVALID",
          "options are not a plain object",
        ]);
      }
    },
  },
  {
    name: "refuses_an_unprotected_header_that_json_cannot_carry",
    check: (countersign) => {
      const key = hmacKey(countersign);
      refuses(countersign, () => countersign.signJwsJson(payload, { key, unprotected: { a: 1n } }), [
        "OPTION_INVALID",
        'option "unprotected" cannot be read',
      ]);
      refuses(countersign, () => countersign.signJws(payload, key, { header: "text" }), [
        "OPTION_INVALID",
        'option "header" is not a JSON object',
      ]);
    },
  },
  {
    name: "refuses_a_demand_for_signatures_that_is_no_name",
    check: (countersign) => {
      for (const require of [true, 1, null]) {
        refuses(
          countersign,
          () => countersign.verifyJwsJson(inJson(countersign), ed25519Key(countersign), { require }),
          ["OPTION_INVALID", 'option "require" is not a string'],
        );
      }
    },
  },
  {
    name: "checks_no_jws_by_a_key_of_a_set_that_has_ended",
    check: (countersign) => {
      const key = ed25519Key(countersign, { kid: "a" });
      const set = new countersign.KeySet([{ key, until: now }]);
      const before = new Date(now.getTime() - 1);
      const one = countersign.signJws(payload, key);
      same(countersign.verifyJws(one, set, { now: before }).header.kid, "a");
      same(countersign.verifyJwsJson(inJson(countersign), set, { now: before }).signatures[0].kid, "a");
      const gone = ["KEY_NOT_FOUND", 'no key for the token\'s "kid" and "alg"'];
      refuses(countersign, () => countersign.verifyJws(one, set, { now }), gone);
      refuses(countersign, () => countersign.verifyJwsJson(inJson(countersign), set, { now }), gone);
      const noDate = ["OPTION_INVALID", 'option "now" is not a valid Date'];
      refuses(countersign, () => countersign.verifyJws(one, set, { now: 0 }), noDate);
    },
  },
  {
    name: "takes_no_option_of_a_jws_in_the_token_functions",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const unencoded = countersign.signJws(Uint8Array.from([123, 125]), key, { b64: false });
      const unknown = (name) => ["OPTION_INVALID", `unknown option "${name}"`];
      for (const [name, value] of Object.entries({ crit: ["b64"], detached: payload, b64: false, maxLength: 1 })) {
        refuses(countersign, () => countersign.verify(unencoded, key, { [name]: value }), unknown(name));
        refuses(countersign, () => new countersign.Verifier(key, { [name]: value }), unknown(name));
        refuses(countersign, () => countersign.sign({}, key, { [name]: value }), unknown(name));
      }
      const error = thrownBy(() => countersign.verify(unencoded, key, { now, allowMissingExpiry: true }));
      same(error.message, '"crit" header names an extension that is not understood');
    },
  },
];
