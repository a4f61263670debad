// Encrypted claims that nobody signed: decrypted, then judged as those of a token.

import { answers, CLAIMS, claimsWith, fails, NOW } from "./make-compact.mjs";
import {
  algMismatch,
  error,
  expired,
  headerNotString,
  missingExpiry,
  notJson,
  notNumber,
  notObject,
  repeats,
  tooLong,
  typUnexpected,
  unexpectedAudience,
  unknownOption,
  wrongIssuer,
  wrongSubject,
} from "./make-errors.mjs";
import { encryptionKeys, ephemerals, jwe } from "./make-jwe.mjs";

const { dir_a256gcm: dir, a256kw, x25519_ecdh_es: agreed } = encryptionKeys;
const keys = Object.fromEntries(Object.entries(encryptionKeys).map(([name, { spec }]) => [name, spec]));
const rules = "RFC 7519 §7.2; countersign: the rules of verify";

const token = (claims, parts = {}) =>
  jwe({ key: dir, plaintext: typeof claims === "string" ? claims : JSON.stringify(claims), ...parts });
const decrypts = (name, claims, parts = {}, more = {}) => {
  const made = token(claims, parts);
  const header = JSON.parse(Buffer.from(made.split(".")[0], "base64url").toString());
  const inputs = { token: made, key: "dir_a256gcm", now: NOW, ...more };
  return answers("decryptClaims", `decrypts_claims_${name}`, rules, inputs, { header, claims });
};
const refuses = (name, claims, expected, parts = {}, more = {}) => {
  const inputs = { token: token(claims, parts), key: "dir_a256gcm", now: NOW, ...more };
  return fails("decryptClaims", `refuses_encrypted_claims_${name}`, rules, inputs, expected);
};

export default {
  description: "decryptClaims: encrypted claims, judged by the rules of a verifier.",
  keys,
  cases: [
    decrypts("by_a_secret", CLAIMS),
    decrypts("by_key_wrap", CLAIMS, { key: a256kw }, { key: "a256kw" }),
    decrypts("by_one_of_several_keys", CLAIMS, {}, { key: undefined, keys: ["a256kw", "dir_a256gcm"] }),
    decrypts("by_agreement", CLAIMS, { key: agreed, ephemeral: ephemerals.X25519 }, { key: "x25519_ecdh_es" }),
    decrypts(
      "that_are_all_expected",
      claimsWith({ iss: "i", aud: "a" }),
      { header: { typ: "at+jwt" } },
      {
        options: { issuer: "i", audience: "a", subject: "alice", maxAge: 60, requiredClaims: ["iat"], typ: "at+jwt" },
      },
    ),
    decrypts("that_the_header_repeats", claimsWith({ iss: "i" }), { header: { iss: "i", sub: "alice" } }),
    decrypts(
      "with_a_number_as_sub_when_allowed",
      claimsWith({ sub: 7 }),
      {},
      { options: { allowNumericSubject: true } },
    ),
    decrypts("as_long_as_the_default_limit_allows", claimsWith({ x: "y".repeat(40_000) })),
    refuses("that_have_expired", claimsWith({ exp: NOW }), expired),
    refuses("without_exp", claimsWith({ exp: undefined }), missingExpiry),
    refuses("whose_exp_is_text", claimsWith({ exp: "1" }), notNumber("exp")),
    refuses("of_another_issuer", claimsWith({ iss: "i" }), wrongIssuer, {}, { options: { issuer: "j" } }),
    refuses("about_another_subject", CLAIMS, wrongSubject, {}, { options: { subject: "bob" } }),
    refuses("for_an_audience_when_none_is_expected", claimsWith({ aud: "a" }), unexpectedAudience),
    refuses("of_another_typ", CLAIMS, typUnexpected, {}, { options: { typ: "at+jwt" } }),
    refuses("whose_typ_is_a_number", CLAIMS, headerNotString("typ"), { header: { typ: 1 } }),
    refuses("that_are_no_json", "attack at dawn", notJson("content")),
    refuses("that_are_an_array", "[]", notObject("content")),
    refuses("that_repeat_a_name", '{"exp":1,"exp":2}', repeats("content")),
    ...["JWT", "jwt", "application/jwt", "JWT;v=1", "application/JWT ; charset=utf-8"].map((cty, index) =>
      refuses(
        `that_are_a_signed_token${index === 0 ? "" : `_by_spelling_${index}`}`,
        "a.b.c",
        error("TOKEN_HEADER_INVALID", '"cty" header says that a signed token is inside: decrypt and verify it'),
        { header: { cty } },
      ),
    ),
    ...["json", "application/json; charset=jwt", "jwtx", ";jwt", null].map((cty, index) =>
      decrypts(`of_another_cty_${index}`, CLAIMS, { header: { cty } }),
    ),
    ...["iss", "sub", "aud"].map((name) =>
      refuses(
        `whose_${name}_the_header_gives_otherwise`,
        claimsWith({ iss: "i", aud: undefined }),
        error("CLAIM_INVALID", `"${name}" header is not the "${name}" claim`, name),
        { header: { [name]: "other" } },
      ),
    ),
    refuses("for_another_key", CLAIMS, algMismatch, {}, { key: "a256kw" }),
    refuses("that_were_altered", CLAIMS, error("DECRYPTION_FAILED", "token cannot be decrypted with this key"), {
      header: { x: 1 },
      corrupt: (segments) => segments.splice(0, 1, token(CLAIMS).split(".")[0]),
    }),
    refuses("longer_than_the_limit", CLAIMS, tooLong(10), {}, { options: { maxTokenLength: 10 } }),
    refuses("longer_than_the_default_limit", claimsWith({ x: "y".repeat(60_000) }), tooLong(65536)),
    refuses("by_an_unknown_option", CLAIMS, unknownOption("enc"), {}, { options: { enc: "A256GCM" } }),
  ],
};
