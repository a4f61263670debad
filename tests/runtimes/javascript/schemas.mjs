// The option `schema`, with schemas of Standard Schema version 1 that are written here. tests/schema has those of libraries.

import { refuses, rejects, same, table } from "./assertions.mjs";
import { hmacKey, now } from "./materials.mjs";

const schemaOf = (validate) => ({ "~standard": { version: 1, vendor: "test", validate } });
const admin = schemaOf((claims) =>
  claims.role === "admin"
    ? { value: { role: claims.role, lang: "en" } }
    : { issues: [{ message: `role is ${claims.role}`, path: ["role"] }] },
);
const later = schemaOf(async (claims) => admin["~standard"].validate(claims));
const tokenOf = (countersign, claims) => countersign.sign(claims, hmacKey(countersign), { now });

const misfit = ["CLAIM_INVALID", '"role" claim does not fit the schema', "role"];
const invalid = (message) => ["OPTION_INVALID", `option "schema" ${message}`];

export const cases = [
  {
    name: "gives_the_claims_that_a_schema_returns",
    check: async (countersign) => {
      const key = hmacKey(countersign);
      const token = tokenOf(countersign, { sub: "alice", role: "admin" });
      const expected = { role: "admin", lang: "en" };
      same(countersign.verify(token, key, { now, schema: admin }).claims, expected);
      same(new countersign.Verifier(key, { now, schema: admin }).verify(token).claims, expected);
      same(new countersign.Verifier(key, { schema: admin }).verify(token, { now }).claims, expected);
      same(new countersign.Verifier(key, { now }).verify(token, { schema: admin }).claims, expected);
      for (const schema of [admin, later])
        same((await countersign.verifyAsync(token, key, { now, schema })).claims, expected);
    },
  },
  {
    name: "refuses_claims_that_do_not_fit_the_schema",
    check: async (countersign) => {
      const key = hmacKey(countersign);
      const token = tokenOf(countersign, { sub: "alice", role: "superuser" });
      refuses(countersign, () => countersign.verify(token, key, { now, schema: admin }), misfit, ["superuser"]);
      for (const schema of [admin, later]) {
        const verify = () => countersign.verifyAsync(token, key, { now, schema });
        same((await rejects(countersign, verify, misfit, ["superuser"])).issues[0].path, ["role"]);
      }
    },
  },
  {
    name: "asks_a_schema_after_everything_else",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const token = tokenOf(countersign, { role: "admin" });
      const schema = schemaOf(() => ({ issues: [] }));
      const expired = ["TOKEN_EXPIRED", "token has expired", "exp"];
      refuses(countersign, () => countersign.verify(token, key, { now: new Date(8e15), schema }), expired);
      const forged = `${token.slice(0, -6)}AAAAAA`;
      const altered = ["TOKEN_SIGNATURE_INVALID", "signature does not match"];
      refuses(countersign, () => countersign.verify(forged, key, { now, schema }), altered);
      const none = ["CLAIM_INVALID", "claims do not fit the schema"];
      refuses(countersign, () => countersign.verify(token, key, { now, schema }), none);
    },
  },
  ...table(
    [
      ["returns_a_promise", () => Promise.reject(new Error("late")), "returns a promise: use verifyAsync"],
      [
        "throws",
        () => {
          throw new Error("bad");
        },
        "throws an error",
      ],
      ["gives_nothing", () => undefined, "answers with neither a value nor issues"],
      ["gives_an_empty_object", () => ({}), "answers with neither a value nor issues"],
    ].map(([what, validate, message]) => [what, [validate, message]]),
    (what) => `refuses_a_schema_that_${what}`,
    (countersign, [validate, message]) => {
      const token = tokenOf(countersign, { role: "admin" });
      const options = { now, schema: schemaOf(validate) };
      refuses(countersign, () => countersign.verify(token, hmacKey(countersign), options), invalid(message));
    },
  ),
  {
    name: "refuses_what_is_no_schema",
    check: (countersign) => {
      const message = "is not a Standard Schema of version 1, as zod, valibot and arktype make";
      for (const schema of [null, {}, "zod", { "~standard": { version: 2, vendor: "test", validate: () => ({}) } }])
        refuses(countersign, () => new countersign.Verifier(hmacKey(countersign), { schema }), invalid(message));
    },
  },
];
