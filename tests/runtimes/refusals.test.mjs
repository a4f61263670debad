// A refused token has the same error whichever way it leaves the core: through the shared buffer, or thrown by the module.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CountersignError, Key, KeySet, Signer, sign, Verifier } from "countersign/jwt";

const secret = (seed) => new Uint8Array(32).fill(seed);
const key = Key.fromSecret(secret(1), { alg: "HS256", kid: "1" });
const now = Math.floor(Date.now() / 1000);
const token = (claims = {}, options = {}) => sign({ sub: "alice", ...claims }, key, options);

/** Everything that an error tells, but for its stack. */
function errorOf(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof CountersignError);
    return { ...error, message: error.message, text: String(error) };
  }
  throw new Error("accepted");
}

/** Calls with options leave the buffer alone: the module throws their errors itself. */
function expectSameError(verifier, refused) {
  const error = errorOf(() => verifier.verify(refused));
  assert.deepEqual(
    error,
    errorOf(() => verifier.verify(refused, {})),
  );
  return error;
}

test("tells code, claim, parameter and reason alike", () => {
  const verifier = new Verifier(new KeySet([key]), { issuer: "i", typ: "JWT" });
  const other = Key.fromSecret(secret(2), { alg: "HS256", kid: "1" });
  const cases = [
    ["", "TOKEN_MALFORMED"],
    ["a.b", "TOKEN_MALFORMED"],
    ["e30.e30.", "TOKEN_HEADER_INVALID"],
    [token({}, { typ: "at+jwt" }), "TOKEN_HEADER_INVALID"],
    [sign({}, key.withKid("2")), "KEY_NOT_FOUND"],
    [sign({}, other), "TOKEN_SIGNATURE_INVALID"],
    [token(), "CLAIM_MISSING", "iss"],
    [token({ iss: "é\n" }), "CLAIM_INVALID", "iss"],
    [token({ iss: "i", exp: now - 1 }), "TOKEN_EXPIRED", "exp"],
    [token({ iss: "i", nbf: now + 5 }), "TOKEN_NOT_YET_VALID", "nbf"],
    [token({ iss: "i", iat: now + 3600 }, { expiresIn: "2h" }), "TOKEN_ISSUED_IN_FUTURE", "iat"],
  ];
  for (const [refused, code, claim] of cases) {
    const error = expectSameError(verifier, refused);
    assert.equal(error.code, code);
    assert.equal(error.claim, claim);
  }
});

test("tells any name of a claim whole", () => {
  for (const name of ["", "\n", "a\nb", "\nTOKEN_EXPIRED\n", "é\u2028😀", "\u0000", '"', "x".repeat(20_000)]) {
    const error = expectSameError(new Verifier(key, { requiredClaims: [name] }), token());
    assert.equal(error.code, "CLAIM_MISSING");
    assert.equal(error.claim, name);
    assert.equal(error.message, `missing "${name}" claim`);
  }
});

test("tells the error of a signer", () => {
  const signer = new Signer(key, { issuer: "i" });
  for (const claims of [{ iss: "j" }, { exp: "soon" }, { sub: 7 }]) {
    assert.deepEqual(
      errorOf(() => signer.sign(claims)),
      errorOf(() => signer.sign(claims, {})),
    );
  }
});

test("answers rightly after a refusal", () => {
  const verifier = new Verifier(key, {});
  const good = token();
  for (let round = 0; round < 3; round += 1) {
    errorOf(() => verifier.verify(`${good}A`));
    assert.equal(verifier.verify(good).claims.sub, "alice");
  }
});
