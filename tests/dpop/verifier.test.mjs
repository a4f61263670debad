// DpopVerifier: the examples of RFC 9449, and each rule with a proof that is right and one that is wrong only there.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { DpopSigner, DpopVerifier } from "countersign/dpop";
import { memoryStore } from "countersign/http";
import { Key, Verifier } from "countersign/jwt";
import {
  encode,
  hashOf,
  makeKeys,
  prove,
  RFC_PROOFS,
  RFC_THUMBPRINT,
  seconds,
  TOKEN,
  URL_OF_API,
  withProof,
} from "./proofs.mjs";

const keys = await makeKeys();
const key = keys.ES256;
const fails = (code, message, claim) => ({ name: "CountersignError", code, message, ...(claim && { claim }) });
const accepts = (proof, { url, init, expected = { accessToken: TOKEN }, options = {} } = {}) =>
  new DpopVerifier(options).verify(withProof(proof, url, init), expected);

for (const [name, { accessToken, iat, jti, method, proof, url }] of Object.entries(RFC_PROOFS)) {
  test(`accepts RFC 9449, ${name}`, async () => {
    const expected = { now: new Date((iat + 5) * 1000), ...(accessToken && { accessToken }) };
    const { claims, header, thumbprint, ...rest } = await accepts(proof, { url, init: { method }, expected });
    assert.equal(thumbprint, RFC_THUMBPRINT);
    assert.equal(claims.jti, jti);
    assert.equal(header.alg, "ES256");
    assert.deepEqual(rest, {});
    await assert.rejects(
      accepts(proof, { url, init: { method: method === "GET" ? "POST" : "GET" }, expected }),
      fails("CLAIM_INVALID", 'DPoP proof: "htm" claim is not the method of the request', "htm"),
    );
    await assert.rejects(
      accepts(proof, { url: `${url}/`, init: { method }, expected }),
      fails("CLAIM_INVALID", 'DPoP proof: "htu" claim is not the URL of the request', "htu"),
    );
    await assert.rejects(
      accepts(proof, { url, init: { method }, expected: { ...expected, now: new Date((iat + 301) * 1000) } }),
      fails("TOKEN_TOO_OLD", "DPoP proof: token is older than the maximum age", "iat"),
    );
    await assert.rejects(
      accepts(proof, { url, init: { method }, expected: { ...expected, now: new Date((iat - 61) * 1000) } }),
      fails("TOKEN_ISSUED_IN_FUTURE", "DPoP proof: token is issued in the future", "iat"),
    );
    await assert.rejects(
      accepts(proof, { url, init: { method }, expected: { ...expected, accessToken: "another" } }),
      accessToken
        ? fails("CLAIM_INVALID", 'DPoP proof: "ath" claim is not the hash of the token', "ath")
        : fails("CLAIM_MISSING", 'DPoP proof: missing "ath" claim', "ath"),
    );
  });
}

for (const alg of ["ES256", "ES384", "ES512", "EdDSA", "RS256", "PS256"]) {
  test(`accepts ${alg}, and refuses it where it is not in "algorithms"`, async () => {
    const made = prove(keys[alg], { alg });
    assert.match((await accepts(made)).thumbprint, /^[\w-]{43}$/);
    const algorithms = ["ES256", "EdDSA"].filter((each) => each !== alg);
    await assert.rejects(
      accepts(made, { options: { algorithms } }),
      fails("TOKEN_HEADER_INVALID", 'DPoP proof: header "alg" is not an accepted algorithm'),
    );
  });
}

test("accepts by default what the documents name, and no more", async () => {
  const { algorithms } = new DpopVerifier();
  const hashes = ["256", "384", "512"];
  const of = (family) => hashes.map((hash) => family + hash);
  assert.deepEqual(algorithms, [...of("ES"), "EdDSA", "Ed25519", ...of("PS"), ...of("RS")]);
});

test('accepts both names of Ed25519 for either of them in "algorithms"', async () => {
  for (const alg of ["EdDSA", "Ed25519"]) {
    for (const other of ["EdDSA", "Ed25519"]) {
      await accepts(prove(keys.EdDSA, { alg }), { options: { algorithms: [other] } });
    }
  }
});

const { d, ...publicOnly } = key.privateJwk;
const octSecret = Buffer.alloc(32, 7);
const hs256 = (jwk) => {
  const input = `${encode({ typ: "dpop+jwt", alg: "HS256", jwk })}.${encode({ jti: "1", htm: "GET", htu: URL_OF_API, iat: seconds(), ath: hashOf(TOKEN) })}`;
  return `${input}.${createHmac("sha256", octSecret).update(input).digest("base64url")}`;
};
const none = () =>
  `${encode({ typ: "dpop+jwt", alg: "none", jwk: key.jwk })}.${encode({ jti: "1", htm: "GET", htu: URL_OF_API, iat: seconds(), ath: hashOf(TOKEN) })}.`;
const parts = (change) => {
  const all = prove(key).split(".");
  change(all);
  return all.join(".");
};
const claims = (changes) => prove(key, { claims: changes });
const header = (changes) => prove(key, { header: changes });

/** What is wrong, the proof, the code, and the claim or the header parameter. */
const WRONG = [
  ["no proof", () => undefined, "TOKEN_MALFORMED"],
  ["an empty header", () => "", "TOKEN_MALFORMED"],
  ["two proofs", () => `${prove(key)}, ${prove(key)}`, "TOKEN_MALFORMED"],
  ["the same proof twice", () => Array(2).fill(prove(key)).join(","), "TOKEN_MALFORMED"],
  ["a word", () => "proof", "TOKEN_MALFORMED"],
  ["two segments", () => parts((all) => all.pop()), "TOKEN_MALFORMED"],
  ["four segments", () => `${prove(key)}.`, "TOKEN_MALFORMED"],
  ["padding", () => parts((all) => all.push(`${all.pop()}==`)), "TOKEN_MALFORMED"],
  ["a payload that is a list", () => prove(key, { payload: "[]" }), "TOKEN_MALFORMED"],
  [
    "a payload with a claim twice",
    () =>
      prove(key, {
        payload: `{"jti":"a","jti":"a","htm":"GET","htu":"${URL_OF_API}","iat":${seconds()},"ath":"${hashOf(TOKEN)}"}`,
      }),
    "TOKEN_MALFORMED",
  ],
  ["more than 8192 bytes", () => claims({ more: "a".repeat(8192) }), "TOKEN_TOO_LONG"],
  ["no typ", () => header({ typ: undefined }), "TOKEN_HEADER_INVALID", "typ"],
  ["the typ of another token", () => header({ typ: "JWT" }), "TOKEN_HEADER_INVALID", "typ"],
  ["the typ at+jwt", () => header({ typ: "at+jwt" }), "TOKEN_HEADER_INVALID", "typ"],
  ["a critical header", () => header({ crit: ["htm"], htm: "GET" }), "TOKEN_HEADER_INVALID", "crit"],
  ["an unencoded payload", () => header({ b64: false, crit: ["b64"] }), "TOKEN_HEADER_INVALID"],
  ["alg none", none, "TOKEN_HEADER_INVALID", "alg"],
  [
    "an HMAC with a secret of its own",
    () => hs256({ kty: "oct", k: octSecret.toString("base64url") }),
    "TOKEN_HEADER_INVALID",
    "alg",
  ],
  ["an HMAC with a public key", () => hs256(key.jwk), "TOKEN_HEADER_INVALID", "alg"],
  ["an unknown alg", () => prove(keys.secp256k1, { alg: "ES256K" }), "TOKEN_HEADER_INVALID", "alg"],
  ["no jwk", () => header({ jwk: undefined }), "TOKEN_HEADER_INVALID", "jwk"],
  ["a jwk that is null", () => header({ jwk: null }), "TOKEN_HEADER_INVALID", "jwk"],
  ["a jwk that is text", () => header({ jwk: JSON.stringify(key.jwk) }), "TOKEN_HEADER_INVALID", "jwk"],
  ["a jwk that is a set", () => header({ jwk: { keys: [key.jwk] } }), "TOKEN_HEADER_INVALID", "jwk"],
  ["a private jwk", () => header({ jwk: key.privateJwk }), "TOKEN_HEADER_INVALID", "jwk"],
  ["a jwk with an empty d", () => header({ jwk: { ...key.jwk, d: "" } }), "TOKEN_HEADER_INVALID", "jwk"],
  [
    "a jwk with a prime",
    () => prove(keys.RS256, { alg: "RS256", header: { jwk: { ...keys.RS256.jwk, p: keys.RS256.privateJwk.p } } }),
    "TOKEN_HEADER_INVALID",
    "jwk",
  ],
  ["a jwk with a secret", () => header({ jwk: { ...key.jwk, k: "AAAA" } }), "TOKEN_HEADER_INVALID", "jwk"],
  ["a jwk of another curve", () => prove(keys.secp256k1), "TOKEN_HEADER_INVALID", "jwk"],
  ["a jwk for another alg", () => header({ jwk: { ...key.jwk, alg: "ES384" } }), "TOKEN_HEADER_INVALID", "jwk"],
  ["a jwk for encryption", () => header({ jwk: { ...key.jwk, use: "enc" } }), "TOKEN_HEADER_INVALID", "jwk"],
  ["a jwk that may only sign", () => header({ jwk: { ...key.jwk, key_ops: ["sign"] } }), "TOKEN_HEADER_INVALID", "jwk"],
  [
    "a point that is not on the curve",
    () => header({ jwk: { ...key.jwk, y: key.jwk.x } }),
    "TOKEN_HEADER_INVALID",
    "jwk",
  ],
  ["a jwk of another type", () => header({ jwk: keys.EdDSA.jwk }), "TOKEN_HEADER_INVALID", "jwk"],
  ["an RSA key of 1024 bits", () => prove(keys.weak, { alg: "RS256" }), "TOKEN_HEADER_INVALID", "jwk"],
  ["the key of somebody else", () => prove(key, { signedBy: keys.secp256k1.privateKey }), "TOKEN_SIGNATURE_INVALID"],
  [
    "a jwk that was replaced",
    () =>
      header({
        jwk: {
          kty: "EC",
          crv: "P-256",
          x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
          y: "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        },
      }),
    "TOKEN_SIGNATURE_INVALID",
  ],
  ["another payload", () => parts((all) => all.splice(1, 1, prove(key).split(".")[1])), "TOKEN_SIGNATURE_INVALID"],
  ["no signature", () => parts((all) => all.splice(2, 1, "")), "TOKEN_SIGNATURE_INVALID"],
  ["no jti", () => claims({ jti: undefined }), "CLAIM_MISSING", "jti"],
  ["an empty jti", () => claims({ jti: "" }), "CLAIM_INVALID", "jti"],
  ["a jti of 257 characters", () => claims({ jti: "a".repeat(257) }), "CLAIM_INVALID", "jti"],
  ["a jti that is a number", () => claims({ jti: 1 }), "CLAIM_INVALID", "jti"],
  ["no htm", () => claims({ htm: undefined }), "CLAIM_MISSING", "htm"],
  ["another method", () => claims({ htm: "POST" }), "CLAIM_INVALID", "htm"],
  ["the method in lower case", () => claims({ htm: "get" }), "CLAIM_INVALID", "htm"],
  ["a list of methods", () => claims({ htm: ["GET"] }), "CLAIM_INVALID", "htm"],
  ["no htu", () => claims({ htu: undefined }), "CLAIM_MISSING", "htu"],
  ["a list of URLs", () => claims({ htu: [URL_OF_API] }), "CLAIM_INVALID", "htu"],
  ["no iat", () => claims({ iat: undefined }), "CLAIM_MISSING", "iat"],
  ["an iat that is text", () => claims({ iat: String(seconds()) }), "CLAIM_INVALID", "iat"],
  ["an iat of 302 seconds ago", () => claims({ iat: seconds() - 302 }), "TOKEN_TOO_OLD", "iat"],
  ["an iat in two minutes", () => claims({ iat: seconds() + 120 }), "TOKEN_ISSUED_IN_FUTURE", "iat"],
  ["an iat in milliseconds", () => claims({ iat: Date.now() }), "TOKEN_ISSUED_IN_FUTURE", "iat"],
  ["an exp that is over", () => claims({ exp: seconds() - 1 }), "TOKEN_EXPIRED", "exp"],
  ["an nbf that is to come", () => claims({ nbf: seconds() + 60 }), "TOKEN_NOT_YET_VALID", "nbf"],
  ["no ath", () => claims({ ath: undefined }), "CLAIM_MISSING", "ath"],
  ["the ath of another token", () => claims({ ath: hashOf(`${TOKEN}.`) }), "CLAIM_INVALID", "ath"],
  ["an ath with padding", () => claims({ ath: `${hashOf(TOKEN)}=` }), "CLAIM_INVALID", "ath"],
  [
    "an ath in hexadecimal",
    () => claims({ ath: Buffer.from(hashOf(TOKEN), "base64url").toString("hex") }),
    "CLAIM_INVALID",
    "ath",
  ],
];

for (const [name, make, code, at] of WRONG) {
  test(`refuses ${name}`, async () => {
    // The neighbor is right.
    await accepts(prove(key));
    await assert.rejects(accepts(make()), (error) => {
      assert.equal(error.name, "CountersignError");
      assert.equal(error.code, code, error.message);
      assert.equal(
        error.claim ?? error.parameter,
        error.code === "TOKEN_HEADER_INVALID" && at === undefined ? error.parameter : at,
        error.message,
      );
      assert.match(error.message, /^(the )?DPoP proof/);
      return true;
    });
  });
}

test("has limits to the byte and to the second", async () => {
  const filled = (kid, more) => {
    const jti = crypto.randomUUID();
    return prove(key, { header: { kid: "a".repeat(kid) }, claims: { jti, more: "a".repeat(more) } });
  };
  const ofLength = (length) => {
    // Three bytes are four characters.
    const about = Math.floor(((length - filled(0, 0).length) * 3) / 4);
    const pairs = [0, 1, 2, 3].flatMap((kid) => [-4, -3, -2, -1, 0].map((less) => [kid, about + less]));
    return pairs.map((pair) => filled(...pair)).find((proof) => proof.length === length);
  };
  await accepts(ofLength(8192));
  await assert.rejects(accepts(ofLength(8193)), { code: "TOKEN_TOO_LONG" });
  const nonceSecret = "a secret of 32 bytes, or a few more";
  for (const good of [{ maxAge: 3600 }, { nonceSecret, nonceExpiresIn: "1h" }]) new DpopVerifier(good);
  for (const name of ["maxAge", "nonceExpiresIn"]) {
    assert.throws(
      () => new DpopVerifier({ [name]: 3601 }),
      fails("OPTION_INVALID", `option "${name}" is longer than 1 hour`),
    );
  }
  // The clock of a proof with a nonce may be wrong by a day.
  const dpop = new DpopVerifier({ nonceSecret });
  const nonce = await dpop.nonce();
  const now = new Date();
  const at = (offset) => {
    const iat = now.getTime() / 1000 + offset;
    return dpop.verify(withProof(claims({ nonce, iat })), { now });
  };
  await at(-90_000);
  await at(86_400);
  await assert.rejects(at(86_401), { code: "TOKEN_ISSUED_IN_FUTURE" });
});

test("accepts what a proof may have beside what it must have", async () => {
  assert.equal(d.length > 40, true);
  for (const proof of [
    claims({ nonce: "of another server", more: { any: "thing" }, aud: "https://api.example", iss: "me", sub: "me" }),
    claims({ jti: "a" }),
    claims({ jti: "a".repeat(256) }),
    claims({ exp: seconds() + 60, nbf: seconds() - 60 }),
    claims({ iat: seconds() - 290 }),
    claims({ iat: seconds() + 50 }),
    claims({ iat: seconds() + 0.5 }),
    header({ kid: "mine", jku: "https://elsewhere.example", x5c: [] }),
    header({ jwk: { ...key.jwk, kid: "mine", use: "sig", key_ops: ["verify"], alg: "ES256", d: null } }),
    header({ typ: "application/dpop+jwt" }),
  ]) {
    assert.equal((await accepts(proof)).thumbprint, (await accepts(prove(key))).thumbprint);
  }
  assert.deepEqual(publicOnly, { ...key.jwk });
});

test("demands the key that the token is bound to", async () => {
  const { thumbprint } = await accepts(prove(key));
  await accepts(prove(key), { expected: { accessToken: TOKEN, thumbprint } });
  await assert.rejects(
    accepts(prove(keys.EdDSA, { alg: "EdDSA" }), { expected: { accessToken: TOKEN, thumbprint } }),
    fails("CLAIM_INVALID", 'DPoP proof: "cnf" claim names another key', "cnf"),
  );
});

/** The `htu` of a proof, the URL of the request, whether they are the same, and `publicUrl`. */
const TARGETS = [
  ["https://api.example/a", "https://api.example/a", true],
  ["HTTPS://API.Example/a", "https://api.example/a", true],
  ["https://api.example:443/a", "https://api.example/a", true],
  ["http://localhost:80/a", "http://localhost/a", true],
  ["https://api.example", "https://api.example/", true],
  ["https://api.example?x=1", "https://api.example/", true],
  ["https://api.example/a?x=1#y", "https://api.example/a?z=2", true],
  ["https://api.example/%7Ealice/%61", "https://api.example/~alice/a", true],
  ["https://api.example/a%2fb", "https://api.example/a%2Fb", true],
  ["https://api.example/x/../a/./b", "https://api.example/a/b", true],
  ["https://api.example/%2e%2e/a", "https://api.example/a", true],
  ["https://xn--bcher-kva.example/a", "https://bücher.example/a", true],
  ["https://api.example/%C3%BC", "https://api.example/ü", true],
  ["https://[2001:DB8::1]/a", "https://[2001:db8:0::1]/a", true],
  ["https://api.example/a", "https://api.example/A", false],
  ["https://api.example/a/", "https://api.example/a", false],
  ["https://api.example//a", "https://api.example/a", false],
  ["https://api.example/a%2Fb", "https://api.example/a/b", false],
  ["https://api.example/a%25", "https://api.example/a", false],
  ["http://api.example/a", "https://api.example/a", false],
  ["https://api.example:8443/a", "https://api.example/a", false],
  ["https://api.example.evil.example/a", "https://api.example/a", false],
  ["https://api.example./a", "https://api.example/a", false],
  ["https://user@api.example/a", "https://api.example/a", false],
  ["https://api.example\\@evil.example/a", "https://api.example/a", false],
  ["https:/api.example/a", "https://api.example/a", false],
  ["https:api.example/a", "https://api.example/a", false],
  ["https:/api.example/http://b.example/c", "https://api.example/http://b.example/c", false],
  ["https://user@api.example/http://b.example/c", "https://api.example/http://b.example/c", false],
  ["https://api.example/http://b.example/c", "https://api.example/http://b.example/c", true],
  ["//api.example/a", "https://api.example/a", false],
  ["/a", "https://api.example/a", false],
  [" https://api.example/a", "https://api.example/a", false],
  ["https://api.example/a\n", "https://api.example/a", false],
  ["https://api.example/a b", "https://api.example/a%20b", false],
  ["https://api.example/a%20b", "https://api.example/a b", true],
  ["javascript:alert(1)", "https://api.example/a", false],
  ["ftp://api.example/a", "https://api.example/a", false],
  ["", "https://api.example/a", false],
  ["https://", "https://api.example/a", false],
  // Behind a proxy.
  ["https://api.example/a", "http://10.0.0.1:8080/a?x=1", true, "https://api.example"],
  ["https://api.example/a", "http://10.0.0.1:8080/a", true, ["https://other.example", "https://api.example/"]],
  ["https://example.com/api/a", "http://10.0.0.1:8080/a", true, "https://EXAMPLE.com:443/api/"],
  ["https://example.com/api/", "http://10.0.0.1:8080/", true, "https://example.com/api"],
  ["http://10.0.0.1:8080/a", "http://10.0.0.1:8080/a", false, "https://api.example"],
  ["https://example.com/a", "http://10.0.0.1:8080/a", false, "https://example.com/api"],
  ["https://example.com/a", "http://10.0.0.1:8080/../a", false, "https://example.com/api"],
  ["https://evil.example/a", "https://evil.example/a", false, "https://api.example"],
];

for (const [htu, url, same, publicUrl] of TARGETS) {
  test(`${same ? "accepts" : "refuses"} htu ${JSON.stringify(htu)} at ${url}${publicUrl ? ` behind ${publicUrl}` : ""}`, async () => {
    const asked = accepts(claims({ htu }), { url, options: publicUrl ? { publicUrl } : {} });
    if (same) await asked;
    else
      await assert.rejects(
        asked,
        fails("CLAIM_INVALID", 'DPoP proof: "htu" claim is not the URL of the request', "htu"),
      );
  });
}

test("reads requests of Node and Express, whose own idea of the origin does not count", async () => {
  const dpop = new DpopVerifier({ publicUrl: "https://api.example" });
  const node = (more = {}) => ({ method: "GET", url: "/orders?x=1", headers: { dpop: prove(key) }, ...more });
  await dpop.verify(node());
  await dpop.verify(node({ url: "/", originalUrl: "/orders" }));
  await dpop.verify(node({ url: "https://elsewhere.example/orders" }));
  await assert.rejects(dpop.verify(node({ url: "//api.example/orders" })), { claim: "htu" });
  await assert.rejects(dpop.verify(node({ url: "http://[" })), { claim: "htu" });
  await assert.rejects(dpop.verify(node({ method: undefined })), { claim: "htm" });
  const proof = prove(key);
  const twice = { rawHeaders: ["DPoP", proof, "dpop", proof], headers: { dpop: proof } };
  await assert.rejects(dpop.verify(node(twice)), fails("TOKEN_MALFORMED", "the DPoP proof is not the only one"));
  const needed = fails("OPTION_INVALID", 'option "publicUrl" is needed: the origin of the request is not known');
  for (const url of ["/orders", URL_OF_API]) {
    await assert.rejects(new DpopVerifier().verify(node({ url })), needed);
  }
  // Nor is that of a standard request's headers beside a path.
  for (const url of ["/orders", "/orders?https://api.example/"]) {
    for (const htu of [URL_OF_API, "http://relative.invalid/orders"]) {
      const request = { method: "GET", url, headers: new Headers({ DPoP: claims({ htu }) }) };
      await assert.rejects(new DpopVerifier().verify(request, { accessToken: TOKEN }), needed);
    }
  }
  for (const url of ["ftp://a.example/orders", "xhttp://a.example/abcd/orders", "httpx://a.example/abcd/orders"]) {
    await assert.rejects(dpop.verify(node({ url, headers: { dpop: prove(key) } })), { claim: "htu" }, url);
  }
  for (const request of [undefined, {}, { headers: {} }]) {
    await assert.rejects(dpop.verify(request), { code: "OPTION_INVALID" });
  }
});

test("accepts a proof once, and another of the same key", async () => {
  const dpop = new DpopVerifier();
  const proof = prove(key);
  const used = fails("TOKEN_USED", "the DPoP proof was used before");
  await dpop.verify(withProof(proof));
  await assert.rejects(dpop.verify(withProof(proof)), used);
  await dpop.verify(withProof(prove(key)));
  // The same id, in another proof.
  const { jti } = (await dpop.verify(withProof(prove(key, { claims: { jti: "mine" } })))).claims;
  await assert.rejects(dpop.verify(withProof(prove(key, { claims: { jti, iat: seconds() - 9 } }))), used);
  // Somebody else cannot take it away.
  await dpop.verify(withProof(prove(keys.ES384, { alg: "ES384", claims: { jti } })));
  // A proof that is refused is not used up.
  const first = prove(key);
  await assert.rejects(dpop.verify(withProof(first), { accessToken: "another" }), { claim: "ath" });
  const checked = await dpop.check(withProof(first));
  await dpop.check(withProof(first));
  await checked.use();
  await assert.rejects(checked.use(), used);
  await assert.rejects((await dpop.check(withProof(first))).use(), used);
});

test("remembers keys, and refuses what is wrong with a key that it knows", async () => {
  const dpop = new DpopVerifier();
  const verify = (proof, expected = { accessToken: TOKEN }) => dpop.verify(withProof(proof), expected);
  const { thumbprint } = await verify(prove(key));
  const [header, payload] = prove(key).split(".");
  const signature = prove(key).split(".")[2];
  await assert.rejects(verify(`${header}.${payload}.${signature}`), { code: "TOKEN_SIGNATURE_INVALID" });
  await assert.rejects(verify(prove(key, { header: { typ: "JWT" } })), {
    code: "TOKEN_HEADER_INVALID",
    parameter: "typ",
  });
  await assert.rejects(verify(prove(key, { claims: { iat: seconds() - 302 } })), { code: "TOKEN_TOO_OLD" });
  const asRs = prove(keys.RS256, { alg: "RS256" });
  await verify(asRs);
  // The same key material, for another algorithm.
  assert.notEqual((await verify(prove(keys.RS256, { alg: "PS256" }))).thumbprint, thumbprint);
  // More keys than it remembers, and the first again.
  const url = URL_OF_API;
  const signers = await Promise.all(Array.from({ length: 300 }, () => DpopSigner.create()));
  for (const signer of [...signers, ...signers.slice(0, 3)]) {
    const proof = await signer.proof({ method: "GET", url, accessToken: TOKEN });
    assert.equal((await verify(proof)).thumbprint, signer.thumbprint);
  }
  assert.equal((await verify(prove(key))).thumbprint, thumbprint);
});

test("says that the key is missing", async () => {
  await assert.rejects(
    accepts(header({ jwk: undefined })),
    fails("TOKEN_HEADER_INVALID", 'DPoP proof: missing "jwk" header'),
  );
});

test("keeps the 256 keys that were used last, and frees all others", async (t) => {
  const read = t.mock.method(Key, "fromJwk").mock;
  const freed = t.mock.method(Verifier.prototype, "free").mock;
  const dpop = new DpopVerifier();
  /** Sends a proof, and says whether its key was read. */
  const send = async (signer) => {
    const before = read.callCount();
    const proof = await signer.proof({ method: "GET", url: URL_OF_API, accessToken: TOKEN });
    await dpop.verify(withProof(proof), { accessToken: TOKEN });
    return read.callCount() - before === 1;
  };
  const [first, second, ...others] = await Promise.all(Array.from({ length: 257 }, () => DpopSigner.create()));
  for (const signer of [first, second, ...others.slice(0, 254)]) assert.equal(await send(signer), true);
  assert.deepEqual([await send(first), freed.callCount()], [false, 0]);
  assert.deepEqual([await send(others.at(-1)), freed.callCount()], [true, 1]);
  assert.deepEqual([await send(first), freed.callCount()], [false, 1]);
  assert.deepEqual([await send(second), freed.callCount()], [true, 2]);
  const forged = prove(key, { signedBy: keys.secp256k1.privateKey });
  await assert.rejects(dpop.verify(withProof(forged)), { code: "TOKEN_SIGNATURE_INVALID" });
  assert.equal(freed.callCount(), 3);
  for (const { result } of read.calls) assert.throws(() => result.thumbprint(), { name: "CountersignError" });
});

test("keeps a hash of the id until the proof is too old, and says when the store fails", async () => {
  const rows = [];
  const store = { ...memoryStore(), replace: (...all) => rows.push(all) > 0 };
  const iat = seconds() - 100;
  await accepts(prove(key, { claims: { jti: "secret-id", iat } }), { options: { store, maxAge: "4m" } });
  const [[name, before, { expiresAt, owner, value }]] = rows;
  assert.match(name, /^dpop:[\w-]{43}$/);
  assert.deepEqual([before, owner, expiresAt], [undefined, "", (iat + 241) * 1000]);
  assert.equal(JSON.stringify([name, value]).includes("secret-id"), false);
  const failing = { ...memoryStore(), replace: () => Promise.reject(new Error("down")) };
  await assert.rejects(accepts(prove(key), { options: { store: failing } }), { code: "STORE_UNAVAILABLE" });
});

test("demands a nonce of its own, and gives the next one in time", async () => {
  const nonceSecret = "a secret of 32 bytes, or a few more";
  const dpop = new DpopVerifier({ nonceSecret, nonceExpiresIn: 60 });
  const at = (offset, nonce) => {
    // A clock that is wrong by hours does not matter.
    const proof = prove(key, { claims: { nonce, iat: seconds() - 7200 } });
    return dpop.verify(withProof(proof), { now: new Date(Date.now() + offset * 1000) });
  };
  const nonce = await dpop.nonce();
  assert.match(nonce, /^\d+\.[\w-]{43}$/);
  assert.equal((await at(0, nonce)).nextNonce, undefined);
  await assert.rejects(at(0, undefined), fails("CLAIM_MISSING", 'DPoP proof: missing "nonce" claim', "nonce"));
  const stale = fails("CLAIM_INVALID", 'DPoP proof: "nonce" claim is not a recent nonce of this server', "nonce");
  // Its age counts, and the time of the proof must still be there.
  await assert.rejects(
    dpop.verify(withProof(claims({ nonce, iat: undefined }))),
    fails("CLAIM_MISSING", 'DPoP proof: missing "iat" claim', "iat"),
  );
  const { nextNonce } = await at(30, nonce);
  assert.match(nextNonce, /^\d+\.[\w-]{43}$/);
  assert.notEqual(nextNonce, nonce);
  // Another server's clock may be ahead.
  assert.equal((await at(0, nextNonce)).nextNonce, undefined);
  await assert.rejects(at(61, nonce), stale);
  const [step, mac] = nonce.split(".");
  const other = await new DpopVerifier({ nonceSecret: `${nonceSecret}!`, nonceExpiresIn: 60 }).nonce();
  const wrong = [
    other,
    `${step}.`,
    `${Number(step) + 1}.${mac}`,
    `0${nonce}`,
    `${nonce}A`,
    mac,
    "",
    "x".repeat(5000),
    7,
    null,
    [nonce],
  ];
  for (const each of wrong) await assert.rejects(at(0, each), stale, String(each).slice(0, 60));
  // A secret is replaced: its nonces stay valid until they end.
  const rotated = new DpopVerifier({ nonceSecret: [`${nonceSecret}!`, nonceSecret], nonceExpiresIn: 60 });
  assert.equal(await rotated.nonce(), other);
  await rotated.verify(withProof(prove(key, { claims: { nonce } })));
  // The last of them: nothing else is wrong with the proof.
  await assert.rejects(dpop.verify(withProof(prove(key)), { accessToken: "another" }), { claim: "ath" });
  assert.equal(await new DpopVerifier().nonce(), undefined);
});

test("accepts a nonce to the millisecond, and gives the next one in its second half", async (t) => {
  const start = 60_000 * 29_832_480;
  t.mock.timers.enable({ apis: ["Date"], now: start });
  const rows = [];
  const store = { ...memoryStore(), replace: (...all) => rows.push(all) > 0 };
  const dpop = new DpopVerifier({ store, nonceSecret: "a secret of 32 bytes, or a few more", nonceExpiresIn: 60 });
  const nonce = await dpop.nonce();
  for (const [passed, hasNext] of [
    [0, false],
    [29_999, false],
    [30_000, true],
    [59_999, true],
  ]) {
    t.mock.timers.setTime(start + passed);
    const { nextNonce } = await dpop.verify(withProof(claims({ nonce })));
    assert.equal(nextNonce !== undefined, hasNext, String(passed));
  }
  // Until the last nonce has ended that could be in the same proof.
  assert.equal(rows[0][2].expiresAt, start + 90_000);
  t.mock.timers.setTime(start + 60_000);
  await assert.rejects(dpop.verify(withProof(claims({ nonce }))), { code: "CLAIM_INVALID", claim: "nonce" });
});

test("keeps a used proof as long as its nonce lives", async () => {
  const rows = [];
  const store = { ...memoryStore(), replace: (...all) => rows.push(all) > 0 };
  const dpop = new DpopVerifier({ store, nonceSecret: Buffer.alloc(32, 1), nonceExpiresIn: 600 });
  const now = new Date();
  await dpop.verify(withProof(prove(key, { claims: { nonce: await dpop.nonce() } })), { now });
  const [[, , { expiresAt }]] = rows;
  assert.ok(600_000 <= expiresAt - now.getTime() && expiresAt - now.getTime() <= 900_000, String(expiresAt));
});

test("refuses options that are wrong", async () => {
  const wrong = [
    [{ publicURL: "x" }, 'unknown option "publicURL"'],
    [{ algorithms: [] }, 'option "algorithms" is not a list of algorithms with public keys'],
    [{ algorithms: ["HS256"] }, 'option "algorithms" is not a list of algorithms with public keys'],
    [{ algorithms: ["none"] }, 'option "algorithms" is not a list of algorithms with public keys'],
    ...["HS256", "none", "ES256K", 7].map((other) => [
      { algorithms: ["ES256", other] },
      'option "algorithms" is not a list of algorithms with public keys',
    ]),
    [{ algorithms: "ES256" }, 'option "algorithms" is not a list of algorithms with public keys'],
    [{ maxAge: "2h" }, 'option "maxAge" is longer than 1 hour'],
    [{ maxAge: 0 }, 'option "maxAge" is not a whole number of seconds of at least 1, or a text such as "30m"'],
    [{ nonceExpiresIn: "2h" }, 'option "nonceExpiresIn" is longer than 1 hour'],
    [{ nonceSecret: "short" }, 'option "nonceSecret" is shorter than 32 bytes'],
    [{ store: {} }, 'option "store" has no method "get"'],
  ];
  const good = "https://api.example";
  for (const url of [[good, 7], [good, "x"], new URL(good), [[good]]]) {
    const message = 'option "publicUrl" is not a URL such as "https://api.example", or a list of them';
    wrong.push([{ publicUrl: url }, message]);
  }
  for (const url of ["api.example", "https://api.example?x", "https://api.example/#", "ftp://api.example", "", [], 7]) {
    const message = 'option "publicUrl" is not a URL such as "https://api.example", or a list of them';
    wrong.push([{ publicUrl: url }, message]);
  }
  for (const [options, message] of wrong) {
    assert.throws(() => new DpopVerifier(options), fails("OPTION_INVALID", message));
  }
  const dpop = new DpopVerifier();
  for (const expected of [{ accessToken: 7 }, { thumbprint: null }, { token: "x" }, { now: 7 }]) {
    await assert.rejects(dpop.verify(withProof(prove(key)), expected), { code: "OPTION_INVALID" });
  }
  // What the caller got wrong is not blamed on the proof.
  await assert.rejects(dpop.verify(withProof(prove(key)), { now: 7 }), (error) => !error.message.includes("proof"));
  assert.equal(Object.isFrozen(dpop.algorithms), true);
});
