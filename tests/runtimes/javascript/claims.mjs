// Claims as JavaScript objects: what JSON cannot carry is refused rather than dropped, and names are only names.

import { holds, refuses, same, table } from "./assertions.mjs";
import { goodToken, hmacKey, nonObjects, now, seconds } from "./materials.mjs";

const cycle = {};
cycle.itself = cycle;

const hostileProxy = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error("not mine");
    },
  },
);

/** Values that JSON.stringify drops, alters or throws for. */
const unserializable = [
  ["a_bigint", 42n],
  ["a_function", () => 42],
  ["a_symbol", Symbol("claim")],
  ["nan", NaN],
  ["infinity", Infinity],
  ["negative_infinity", -Infinity],
  ["a_cycle", cycle],
  ["a_map", new Map([["a", 1]])],
  ["a_set", new Set([1])],
  ["a_typed_array", new Uint8Array([1, 2])],
  ["a_float_array", new Float64Array([1.5])],
  ["an_array_buffer", new ArrayBuffer(2)],
  ["a_data_view", new DataView(new ArrayBuffer(2))],
  ["a_weak_map", new WeakMap()],
  ["a_promise", Promise.resolve()],
  ["a_regular_expression", /text/u],
  ["a_lone_surrogate", "\ud800"],
  [
    "a_throwing_toJSON",
    {
      toJSON: () => {
        throw new Error("not mine");
      },
    },
  ],
  ["an_invalid_date", new Date(NaN)],
  ["a_toJSON_that_gives_nan", { toJSON: () => NaN }],
  ["a_toJSON_that_gives_nothing", { toJSON: () => undefined }],
];

class WithGetter {
  scope = "read";
  get sub() {
    return "alice";
  }
}

class WithMethod {
  sub = "alice";
  greet() {
    return this.sub;
  }
}

/** Objects with properties that JSON.stringify leaves out, because they are a prototype's. */
const inheriting = [
  ["a_getter_of_its_class", new WithGetter()],
  ["a_getter_of_the_class_above", new (class extends WithGetter {})()],
  ["a_value_of_its_prototype", Object.create({ sub: "alice" })],
];

const notSerializable = ["CLAIMS_NOT_SERIALIZABLE", "claims hold a value that JSON cannot carry"];
/** The same with the name of the claim. */
const notSerializableIn = (claim) => [
  "CLAIMS_NOT_SERIALIZABLE",
  `"${claim}" claim holds a value that JSON cannot carry`,
  claim,
];

const notJson = ["CLAIMS_NOT_SERIALIZABLE", "claims are not JSON"];
const inherited = [
  "CLAIMS_NOT_SERIALIZABLE",
  "claims hold an object that inherits properties, which JSON leaves out: copy them into a plain object",
];
const inheritedIn = (claim) => [
  "CLAIMS_NOT_SERIALIZABLE",
  `"${claim}" claim holds an object that inherits properties, which JSON leaves out: copy them into a plain object`,
  claim,
];
const TOO_DEEP = ["CLAIMS_NOT_SERIALIZABLE", "claims nest deeper than 64 levels", undefined];
const refusalIn = (claim, value) =>
  value === cycle ? TOO_DEEP : value === "\ud800" ? notJson : notSerializableIn(claim);

const sign = (countersign, claims, options) => countersign.sign(claims, hmacKey(countersign), { now, ...options });
const carried = (countersign, claims) =>
  countersign.verify(sign(countersign, claims), hmacKey(countersign), { now }).claims;

export const cases = [
  ...inheriting.map(([what, object]) => ({
    name: `refuses_claims_with_${what}`,
    check: (countersign) => {
      refuses(countersign, () => sign(countersign, object), inherited);
      refuses(countersign, () => sign(countersign, { user: [object] }), inheritedIn("user"));
    },
  })),
  {
    name: "signs_an_object_of_a_class_with_methods",
    check: (countersign) => {
      same(carried(countersign, new WithMethod()).sub, "alice");
      same(carried(countersign, { user: new WithMethod() }).user, { sub: "alice" });
      same(carried(countersign, { toJSON: () => ({ sub: "alice" }) }).sub, "alice");
    },
  },
  ...table(
    [...nonObjects, ["undefined", undefined], ["a_function", () => ({})]],
    (what) => `refuses_claims_that_are_${what}`,
    (countersign, value) =>
      refuses(countersign, () => sign(countersign, value), ["CLAIMS_NOT_SERIALIZABLE", "claims are not an object"]),
  ),
  ...table(
    [
      ["a_String_object", Object("text")],
      ["a_map", new Map()],
      ["bytes", new Uint8Array(2)],
      ["a_throwing_proxy", hostileProxy],
    ],
    (what) => `refuses_claims_that_are_${what}`,
    (countersign, value) => refuses(countersign, () => sign(countersign, value), notSerializable),
  ),
  ...table(
    unserializable,
    (what) => `refuses_a_claim_that_is_${what}`,
    (countersign, value) =>
      refuses(countersign, () => sign(countersign, { sub: "alice", value }), refusalIn("value", value)),
  ),
  ...table(
    unserializable,
    (what) => `refuses_${what}_deep_in_a_claim`,
    (countersign, value) =>
      refuses(countersign, () => sign(countersign, { list: [1, { value }] }), refusalIn("list", value)),
  ),
  {
    name: "refuses_undefined_in_an_array_of_claims",
    check: (countersign) =>
      refuses(countersign, () => sign(countersign, { list: [1, undefined] }), notSerializableIn("list")),
  },
  {
    name: "shows_no_odd_name_of_a_claim_in_a_message",
    check: (countersign) => {
      for (const name of ["", "a b", 'a"b', "é", "a".repeat(65)]) {
        const refusal = ["CLAIMS_NOT_SERIALIZABLE", "a claim holds a value that JSON cannot carry", name];
        refuses(countersign, () => sign(countersign, { [name]: 1n }), refusal);
      }
    },
  },
  {
    name: "refuses_claims_with_a_getter_that_throws",
    check: (countersign) => {
      const claims = {
        get sub() {
          throw new Error("not mine");
        },
      };
      refuses(countersign, () => sign(countersign, claims), notSerializableIn("sub"));
    },
  },
  {
    name: "refuses_a_lone_surrogate_in_a_claim_name",
    check: (countersign) => refuses(countersign, () => sign(countersign, { "\udfff": 1 }), notJson),
  },
  {
    name: "refuses_claims_nested_deeper_than_any_verifier_reads",
    check: (countersign) => {
      let value = 1;
      for (let depth = 0; depth < 64; depth += 1) value = [value];
      refuses(countersign, () => sign(countersign, { value }), TOO_DEEP);
    },
  },
  {
    name: "refuses_claims_nested_deeper_than_the_stack",
    check: (countersign) => {
      let value = 1;
      for (let depth = 0; depth < 100_000; depth += 1) value = [value];
      refuses(countersign, () => sign(countersign, { value }), TOO_DEEP);
    },
  },
  {
    name: "leaves_out_a_claim_that_is_undefined",
    check: (countersign) =>
      same(carried(countersign, { sub: undefined, role: "admin" }), {
        role: "admin",
        iat: seconds,
        exp: seconds + 900,
      }),
  },
  {
    name: "carries_what_json_can_carry",
    check: (countersign) => {
      const claims = {
        text: "é 🦀 \u0000 \u2028",
        list: [null, true, -0.5, 1e21, [], {}],
        "": "",
        exp: seconds + 1,
        iat: seconds,
      };
      same(carried(countersign, claims), claims);
    },
  },
  {
    name: "carries_integers_above_2_to_the_53",
    check: (countersign) =>
      same(carried(countersign, { big: 2 ** 60, iat: 0, exp: 2 ** 40 }), { big: 2 ** 60, iat: 0, exp: 2 ** 40 }),
  },
  {
    name: "writes_a_date_claim_as_its_iso_text",
    check: (countersign) => same(carried(countersign, { at: now }).at, "2027-01-15T08:00:00.000Z"),
  },
  {
    name: "keeps_a_proto_claim_as_a_claim_of_its_own",
    check: (countersign) => {
      const token = sign(countersign, JSON.parse('{"__proto__":{"admin":true},"sub":"alice"}'));
      for (const { claims } of [
        countersign.verify(token, hmacKey(countersign), { now }),
        countersign.decodeUnverified(token),
      ]) {
        holds(Object.hasOwn(claims, "__proto__"), "the claim was lost");
        holds(Object.getPrototypeOf(claims) === Object.prototype, "the claim became the prototype");
        holds(claims.admin === undefined, "a member of the claim shows through");
      }
    },
  },
  {
    name: "keeps_proto_constructor_and_toString_headers_as_headers",
    check: (countersign) => {
      const header = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}');
      const token = sign(countersign, { sub: "alice" }, { header });
      const read = countersign.decodeUnverified(token).header;
      for (const [name, value] of Object.entries(header))
        holds(Object.getOwnPropertyDescriptor(read, name)?.value === value, `${name} was lost`);
      holds(Object.getPrototypeOf(read) === Object.prototype, "a header became the prototype");
    },
  },
  {
    name: "reads_no_symbol_claims",
    check: (countersign) => {
      const claims = { sub: "alice", [Symbol("hidden")]: 1 };
      same(carried(countersign, claims), { sub: "alice", iat: seconds, exp: seconds + 900 });
    },
  },
  {
    name: "refuses_claims_that_inherit_some",
    check: (countersign) => {
      const claims = Object.assign(Object.create({ admin: true }), { sub: "alice" });
      refuses(countersign, () => carried(countersign, claims), [
        "CLAIMS_NOT_SERIALIZABLE",
        "claims hold an object that inherits properties, which JSON leaves out: copy them into a plain object",
      ]);
    },
  },
  {
    name: "signs_claims_without_a_prototype",
    check: (countersign) =>
      same(carried(countersign, Object.assign(Object.create(null), { sub: "alice" })).sub, "alice"),
  },
  {
    name: "leaves_frozen_claims_and_options_as_they_were",
    check: (countersign) => {
      const claims = Object.freeze({ sub: "alice", roles: Object.freeze(["a"]) });
      const options = Object.freeze({ now, header: Object.freeze({ x: 1 }), audience: "api" });
      const token = countersign.sign(claims, hmacKey(countersign), options);
      same(claims, { sub: "alice", roles: ["a"] });
      same(options, { now, header: { x: 1 }, audience: "api" });
      same(
        countersign.verify(token, hmacKey(countersign), Object.freeze({ now, audience: Object.freeze(["api"]) })).claims
          .sub,
        "alice",
      );
    },
  },
  {
    name: "gives_results_that_share_nothing",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const verifier = new countersign.Verifier(key);
      const token = goodToken(countersign, { sub: "alice", roles: ["user"] });
      const first = verifier.verify(token, { now });
      first.claims.roles.push("admin");
      first.header.alg = "none";
      same(verifier.verify(token, { now }), {
        header: { alg: "HS256", typ: "JWT" },
        claims: { sub: "alice", roles: ["user"], iat: seconds, exp: seconds + 900 },
      });
    },
  },
  {
    name: "gives_a_token_its_own_header_after_an_exception",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const verifier = new countersign.Verifier(key, { now });
      const tokenOf = (kid) => countersign.sign({ sub: "alice" }, key.withKid(kid), { now });
      const kidOf = (token) => verifier.verify(token).header.kid;
      // The core numbers so many headers, and then begins again.
      for (let index = 0; index < 1024; index += 1) same(kidOf(tokenOf(`key-${index}`)), `key-${index}`);
      const next = tokenOf("next");
      const { parse } = JSON;
      JSON.parse = () => {
        JSON.parse = parse;
        throw new RangeError("Maximum call stack size exceeded");
      };
      try {
        refuses(countersign, () => verifier.verify(next), ["INTERNAL", "internal error"]);
      } finally {
        JSON.parse = parse;
      }
      for (const kid of ["next", "key-0", "next"]) same(kidOf(tokenOf(kid)), kid);
    },
  },
];
