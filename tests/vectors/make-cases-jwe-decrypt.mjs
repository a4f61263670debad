// Encrypted tokens, good ones of every kind, and beside them what is refused: each differs from an accepted one in the
// one thing that its name says.

import { deflateRawSync, deflateSync } from "node:zlib";
import { answers, fails } from "./make-compact.mjs";
import {
  algMismatch,
  b64Unsupported,
  critRegistered,
  critUnknown,
  ctyMissing,
  error,
  headerNotString,
  missingAlg,
  noKey,
  notBase64url,
  notJson,
  notObject,
  repeats,
  severalKeys,
  severalOfKid,
  tooLong,
  wrongOption,
  zipUnsupported,
} from "./make-errors.mjs";
import { ENC, encryptionKeys, ephemerals, jwe, PLAINTEXT } from "./make-jwe.mjs";
import { base64url, bytesOf } from "./make-material.mjs";

const keys = Object.fromEntries(Object.entries(encryptionKeys).map(([name, { spec }]) => [name, spec]));
const [a128kw, a256kw] = [encryptionKeys.a128kw, encryptionKeys.a256kw];
const dir = encryptionKeys.dir_a256gcm;
const pbes2 = encryptionKeys.pbes2_hs256_a128kw;
const rsa = encryptionKeys.rsa_oaep_256;
const gcmkw = encryptionKeys.a256gcmkw;
const gcmRule = "RFC 7518 §4.7.1";

const malformed = (message) => error("TOKEN_MALFORMED", message);
const header = (message) => error("TOKEN_HEADER_INVALID", message);
const option = (message) => error("OPTION_INVALID", message);
const failed = error("DECRYPTION_FAILED", "token cannot be decrypted with this key");
const fiveSegments = malformed("token is not five segments separated by dots");
const notBytes = (part, length) => malformed(`${part} is not ${length} bytes`);
const badEpk = header('"epk" header is not a public key on the key\'s curve');

const nameOf = (key) => Object.keys(encryptionKeys).find((name) => encryptionKeys[name] === key);
const curveOf = (key) => key.jwk?.crv;

/** A token for a key, with the sender's pair of its curve. */
const made = (key, parts = {}) => jwe({ key, ephemeral: ephemerals[curveOf(key)], ...parts });

const decrypts = (name, source, key, parts = {}, more = {}) => {
  const token = made(key, parts);
  const read = JSON.parse(Buffer.from(token.split(".")[0], "base64url").toString());
  const inputs = { token, key: nameOf(key), ...more };
  return answers("decrypt", name, source, inputs, { header: read, plaintext: parts.plaintext ?? PLAINTEXT });
};
const refuses = (name, source, key, parts, expected, more = {}) =>
  fails("decrypt", `refuses_${name}`, source, { token: made(key, parts), key: nameOf(key), ...more }, expected);

/** Changes a segment's bytes. */
const bytes = (index, change) => (segments) => {
  segments[index] = base64url(change(Buffer.from(segments[index], "base64url")));
};
const flipped = (index, at) =>
  bytes(index, (value) => {
    value[at < 0 ? value.length + at : at] ^= 1;
    return value;
  });
const shorter = (index) => bytes(index, (value) => value.subarray(1));
const longer = (index) => bytes(index, (value) => Buffer.concat([value, Buffer.from([0])]));
const text = (index, change) => (segments) => {
  segments[index] = change(segments[index]);
};

/** Changes one byte of a padded block. */
const withByte = (at, value) => (padded) => {
  padded[padded.length + at] = value;
  return padded;
};

const form = "RFC 7516 §7.1: five canonical segments";
const lengths = "RFC 7518 §5: the IV and the tag have one length";
const oneError = "RFC 7516 §11.5: every failure looks alike";
const binding = "RFC 8725 §3.1: one key, one algorithm";
const epkRule = "RFC 7518 §4.6.1.1, RFC 8725 §3.4: invalid curve attacks";
const smallOrder = "RFC 7748 §6.1: points of small order";
const p2cRule = "CVE-2023-6681, CVE-2023-51774: the sender decides how long checking takes";
const zipRule = "RFC 7516 §4.1.3; CVE-2024-28176, RFC 8725 §3.6: bounded";
const notDeflate = malformed("content is not compressed with DEFLATE");
const tooMuch = (limit) => error("TOKEN_TOO_LONG", `content is longer than ${limit} bytes`);
/** Parts of a token whose content is compressed. */
const zipped = (plaintext) => ({ plaintext, compressed: deflateRawSync(plaintext), header: { zip: "DEF" } });
const FRODO = "You can trust us to stick with you through thick and thin. ".repeat(5);

const SEGMENTS = ["header", "encrypted key", "initialization vector", "ciphertext", "authentication tag"];

/** RFC 7748's curve has these points of small order, among others; y² = x³ … of another curve for the EC keys. */
const SMALL_ORDER = {
  zero: Buffer.alloc(32),
  one: Buffer.from([1, ...Buffer.alloc(31)]),
  order_eight: Buffer.from("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800", "hex"),
  order_eight_too: Buffer.from("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157", "hex"),
  minus_one: Buffer.from(`ec${"ff".repeat(30)}7f`, "hex"),
};

const { d: _p256, ...p256Public } = ephemerals["P-256"];
const { d: _x, ...xPublic } = ephemerals.X25519;
const p256Key = encryptionKeys.p_256_ecdh_es;
const p384Key = encryptionKeys.p_384_ecdh_es_a256kw;
const xKey = encryptionKeys.x25519_ecdh_es;

export default {
  description: "Encrypted tokens: every algorithm with every content encryption, and what is refused.",
  keys,
  cases: [
    ...Object.values(encryptionKeys).flatMap((key) =>
      Object.keys(ENC)
        .filter((enc) => key.alg !== "dir" || key.spec.enc === enc)
        .map((enc) =>
          decrypts(
            `decrypts_${nameOf(key)}_with_${enc.toLowerCase().replaceAll("-", "_")}`,
            "RFC 7518 §4 and §5",
            key,
            { enc },
          ),
        ),
    ),
    ...[0, 1, 15, 16, 17].flatMap((length) =>
      ["A256GCM", "A128CBC-HS256"].map((enc) =>
        decrypts(
          `decrypts_${length}_bytes_of_${enc.toLowerCase().replaceAll("-", "_")}`,
          "RFC 7518 §5: content of any length",
          a256kw,
          { enc, plaintext: "x".repeat(length) },
        ),
      ),
    ),

    // The form.
    refuses("an_encrypted_token_of_four_segments", form, a256kw, { corrupt: (s) => s.pop() }, fiveSegments),
    refuses("an_encrypted_token_of_six_segments", form, a256kw, { corrupt: (s) => s.push("") }, fiveSegments),
    fails("decrypt", "refuses_an_empty_encrypted_token", form, { token: "", key: "a256kw" }, fiveSegments),
    ...SEGMENTS.flatMap((part, index) => [
      refuses(
        `a_padded_${part.replaceAll(" ", "_")}_segment`,
        form,
        a256kw,
        { corrupt: text(index, (segment) => `${segment}=`) },
        notBase64url(part),
      ),
      refuses(
        `a_spaced_${part.replaceAll(" ", "_")}_segment`,
        form,
        a256kw,
        { corrupt: text(index, (segment) => ` ${segment}`) },
        notBase64url(part),
      ),
    ]),
    refuses(
      "trailing_bits_in_the_tag",
      form,
      a256kw,
      { corrupt: text(4, (segment) => segment.slice(0, -1) + (segment.at(-1) === "B" ? "C" : "B")) },
      notBase64url("authentication tag"),
    ),
    decrypts(
      "decrypts_a_token_as_long_as_the_limit",
      "an option of ours",
      a256kw,
      {},
      {
        options: { maxLength: made(a256kw).length },
      },
    ),
    refuses("a_token_longer_than_maxlength", "an option of ours", a256kw, {}, tooLong(made(a256kw).length - 1), {
      options: { maxLength: made(a256kw).length - 1 },
    }),
    refuses(
      "an_encrypted_token_over_the_default_limit",
      "a limit of ours",
      a256kw,
      { plaintext: "x".repeat(50_000) },
      tooLong(65536),
    ),
    decrypts(
      "decrypts_a_long_token_when_allowed",
      "an option of ours",
      a256kw,
      { plaintext: "x".repeat(50_000) },
      {
        options: { maxLength: 100_000 },
      },
    ),

    // The header.
    refuses("a_header_that_is_not_json", "RFC 7516 §4", a256kw, { headerText: () => "{" }, notJson("header")),
    refuses(
      "a_header_that_is_an_array",
      "RFC 7516 §4",
      a256kw,
      { headerText: (h) => JSON.stringify([h]) },
      notObject("header"),
    ),
    refuses(
      "a_header_that_repeats_alg",
      "RFC 7516 §4: names are unique",
      a256kw,
      { headerText: (h) => JSON.stringify(h).replace("{", '{"alg":"A256KW",') },
      repeats("header"),
    ),
    refuses("an_encrypted_token_without_alg", "RFC 7516 §4.1.1", a256kw, { header: { alg: undefined } }, missingAlg),
    refuses(
      "an_encrypted_token_without_enc",
      "RFC 7516 §4.1.2",
      a256kw,
      { header: { enc: undefined } },
      header('missing "enc" header'),
    ),
    refuses("an_enc_that_is_a_number", "RFC 7516 §4.1.2", a256kw, { header: { enc: 1 } }, headerNotString("enc")),
    ...["A512GCM", "A192CBC-HS256", "a256gcm", "none", ""].map((enc) =>
      refuses(
        `an_enc_of_${enc === "" ? "nothing" : enc.toLowerCase().replaceAll("-", "_")}${enc === "a256gcm" ? "_in_lower_case" : ""}`,
        "RFC 7516 §4.1.2: names are case-sensitive, and these are not ours",
        a256kw,
        { header: { enc } },
        header('"enc" header is not a supported content encryption'),
      ),
    ),
    refuses(
      "an_enc_that_is_not_the_one_used",
      "RFC 7518 §5",
      a256kw,
      { header: { enc: "A128CBC-HS256" } },
      notBytes("initialization vector", 16),
    ),
    ...Object.entries({ text: FRODO, nothing: "", zeros: "\0".repeat(262144) }).map(([what, plaintext]) =>
      decrypts(`decrypts_compressed_${what}`, zipRule, a256kw, zipped(plaintext)),
    ),
    decrypts("decrypts_compressed_content_of_cbc", zipRule, a128kw, { ...zipped(FRODO), enc: "A128CBC-HS256" }),
    decrypts("decrypts_content_that_is_stored_uncompressed", "RFC 1951 §3.2.4", a256kw, {
      ...zipped("abc"),
      compressed: Buffer.from([1, 3, 0, 0xfc, 0xff, 97, 98, 99]),
    }),
    refuses("content_that_grows_beyond_the_limit", zipRule, a256kw, zipped("\0".repeat(262145)), tooMuch(262144)),
    decrypts("decrypts_content_that_grows_to_the_limit_given", zipRule, a256kw, zipped("x".repeat(1000)), {
      options: { maxDecompressedLength: 1000 },
    }),
    refuses("content_that_grows_beyond_the_limit_given", zipRule, a256kw, zipped("x".repeat(1000)), tooMuch(999), {
      options: { maxDecompressedLength: 999 },
    }),
    decrypts(
      "decrypts_content_that_grows_beyond_the_default_when_allowed",
      zipRule,
      a256kw,
      zipped("x".repeat(300_000)),
      {
        options: { maxDecompressedLength: 300_000 },
      },
    ),
    refuses("compressed_content_when_none_is_allowed", zipRule, a256kw, zipped("x"), zipUnsupported, {
      options: { maxDecompressedLength: 0 },
    }),
    decrypts(
      "decrypts_other_content_when_none_compressed_is_allowed",
      zipRule,
      a256kw,
      {},
      {
        options: { maxDecompressedLength: 0 },
      },
    ),
    ...[16777217, -1].map((maxDecompressedLength) =>
      refuses(
        `a_limit_of_${String(maxDecompressedLength).replace("-", "minus_")}_for_what_is_compressed`,
        "an option of ours",
        a256kw,
        {},
        maxDecompressedLength < 0
          ? wrongOption("maxDecompressedLength", "a whole number")
          : option('option "maxDecompressedLength" is not between 0 and 16777216'),
        { options: { maxDecompressedLength } },
      ),
    ),
    refuses("content_that_is_not_compressed_as_it_says", zipRule, a256kw, { header: { zip: "DEF" } }, notDeflate),
    refuses(
      "compressed_content_with_something_after_it",
      zipRule,
      a256kw,
      { ...zipped("x"), compressed: Buffer.concat([deflateRawSync("x"), Buffer.from([0])]) },
      notDeflate,
    ),
    refuses(
      "compressed_content_that_is_cut_off",
      zipRule,
      a256kw,
      { ...zipped("x"), compressed: deflateRawSync(FRODO).subarray(0, -1) },
      notDeflate,
    ),
    refuses(
      "content_in_the_form_of_zlib",
      "RFC 7516 §4.1.3: DEFLATE of RFC 1951, without a header",
      a256kw,
      { ...zipped("x"), compressed: deflateSync(FRODO) },
      notDeflate,
    ),
    refuses(
      "compressed_content_that_was_altered",
      oneError,
      a256kw,
      { ...zipped(FRODO), corrupt: flipped(3, 0) },
      failed,
    ),
    ...["def", "GZIP", "", 1].map((zip) =>
      refuses(
        `a_zip_of_${zip === "" ? "an_empty_text" : zip === "def" ? "other_case" : String(zip).toLowerCase()}`,
        zipRule,
        a256kw,
        { header: { zip } },
        zipUnsupported,
      ),
    ),
    refuses(
      "a_crit_that_names_zip",
      "RFC 7516 §4.1.13",
      a256kw,
      { ...zipped("x"), header: { zip: "DEF", crit: ["zip"] } },
      critRegistered,
    ),
    refuses("a_zip_of_nothing", zipRule, a256kw, { header: { zip: null } }, zipUnsupported),
    refuses(
      "a_crit_in_an_encrypted_token",
      "RFC 7516 §4.1.13",
      a256kw,
      { header: { crit: ["exp"], exp: 1 } },
      critUnknown,
    ),
    refuses(
      "a_b64_in_an_encrypted_token",
      "RFC 7797 is of signatures",
      a256kw,
      { header: { b64: true } },
      b64Unsupported,
    ),
    ...["cty", "kid", "typ"].map((name) =>
      decrypts(`decrypts_where_${name}_is_null`, "countersign: some issuers write null for nothing", a256kw, {
        header: { [name]: null },
      }),
    ),
    decrypts(
      "decrypts_without_the_cty_demanded_when_it_may_be_missing",
      "an option of ours",
      a256kw,
      {},
      {
        options: { cty: "JWT", allowMissingCty: true },
      },
    ),
    decrypts(
      "decrypts_with_the_cty_demanded_when_it_may_be_missing",
      "an option of ours",
      a256kw,
      { header: { cty: "jwt" } },
      { options: { cty: "JWT", allowMissingCty: true } },
    ),
    refuses(
      "another_cty_when_it_may_be_missing",
      "an option of ours",
      a256kw,
      { header: { cty: "text/plain" } },
      header('"cty" header is not the expected type'),
      { options: { cty: "JWT", allowMissingCty: true } },
    ),
    ...["iv", "tag"].flatMap((name) => [
      refuses(
        `a_gcm_wrapped_key_without_${name}`,
        gcmRule,
        gcmkw,
        { header: { [name]: undefined } },
        header(`missing "${name}" header`),
      ),
      refuses(
        `a_gcm_wrapped_key_whose_${name}_is_a_number`,
        gcmRule,
        gcmkw,
        { header: { [name]: 1 } },
        headerNotString(name),
      ),
      refuses(
        `a_gcm_wrapped_key_whose_${name}_is_padded`,
        gcmRule,
        gcmkw,
        { header: { [name]: "AAA=" } },
        header(`"${name}" header is not canonical base64url`),
      ),
      refuses(
        `a_gcm_wrapped_key_whose_${name}_is_short`,
        `${gcmRule}; short tags are forged`,
        gcmkw,
        { header: { [name]: "AAAA" } },
        header(`"${name}" header is not ${name === "iv" ? 12 : 16} bytes`),
      ),
      refuses(
        `a_gcm_wrapped_key_of_another_${name}`,
        oneError,
        gcmkw,
        { header: { [name]: base64url(Buffer.alloc(name === "iv" ? 12 : 16)) } },
        failed,
      ),
    ]),
    refuses(
      "a_gcm_wrapped_key_of_another_length",
      gcmRule,
      gcmkw,
      { encrypted: Buffer.alloc(16) },
      notBytes("encrypted key", 32),
    ),
    refuses("a_cty_that_is_a_number", "RFC 7516 §4.1.12", a256kw, { header: { cty: 1 } }, headerNotString("cty")),
    decrypts("decrypts_with_a_parameter_that_is_unknown", "RFC 7516 §4: it is ignored", a256kw, {
      header: { other: { a: [1] } },
    }),
    decrypts("decrypts_with_a_key_in_the_header_unused", "CVE-2018-0114: keys in headers are never used", a256kw, {
      header: { jwk: { kty: "oct", k: "AAAA" }, jku: "https://attacker.example/jwks.json" },
    }),
    decrypts(
      "decrypts_where_typ_is_as_demanded",
      "RFC 8725 §3.11",
      a256kw,
      { header: { typ: "JOSE" } },
      {
        options: { typ: "application/jose" },
      },
    ),
    refuses(
      "an_encrypted_token_of_another_typ",
      "RFC 8725 §3.11",
      a256kw,
      { header: { typ: "JWT" } },
      header('"typ" header is not the expected type'),
      {
        options: { typ: "JOSE" },
      },
    ),
    decrypts(
      "decrypts_where_cty_is_as_demanded",
      "RFC 7516 §4.1.12",
      a256kw,
      { header: { cty: "jwt" } },
      {
        options: { cty: "JWT" },
      },
    ),
    refuses(
      "an_encrypted_token_of_another_cty",
      "RFC 7516 §4.1.12",
      a256kw,
      { header: { cty: "JWTS" } },
      header('"cty" header is not the expected type'),
      {
        options: { cty: "JWT" },
      },
    ),
    refuses("an_encrypted_token_without_the_cty_demanded", "RFC 7516 §4.1.12", a256kw, {}, ctyMissing, {
      options: { cty: "JWT" },
    }),

    // The algorithm and the key.
    ...["RSA1_5", "RSA-OAEP", "A128KW", "a256kw", "dir", "none", "HS256"].map((alg) =>
      refuses(
        `an_alg_of_${alg.toLowerCase().replaceAll("-", "_")}${alg === "a256kw" ? "_in_lower_case" : ""}_for_a_key_of_a256kw`,
        `${binding}; RFC 8725 §3.2`,
        a256kw,
        { header: { alg } },
        algMismatch,
      ),
    ),
    refuses(
      "an_enc_that_is_not_the_key_s_own",
      "one key, two ciphers",
      dir,
      { header: { enc: "A128CBC-HS256" } },
      error("TOKEN_ALGORITHM_MISMATCH", '"enc" header is not the key\'s content encryption'),
    ),
    decrypts(
      "decrypts_where_enc_is_the_one_accepted",
      "an option of ours",
      a256kw,
      {},
      { options: { enc: "A256GCM" } },
    ),
    decrypts(
      "decrypts_where_enc_is_among_those_accepted",
      "an option of ours",
      a256kw,
      {},
      {
        options: { enc: ["A128GCM", "A256GCM"] },
      },
    ),
    refuses(
      "an_enc_that_is_not_accepted",
      "an option of ours",
      a256kw,
      { enc: "A128CBC-HS256" },
      header('"enc" header is not an accepted content encryption'),
      {
        options: { enc: ["A128GCM", "A256GCM"] },
      },
    ),
    decrypts("decrypts_whatever_kid_is_named_with_one_key", "the caller's choice", a256kw, {
      header: { kid: "other" },
    }),
    fails(
      "decrypt",
      "refuses_to_decrypt_with_a_public_key",
      "a key's half",
      {
        token: made(p256Key),
        key: { jwk: p256Public, alg: "ECDH-ES" },
      },
      error("KEY_USAGE", "a public key cannot decrypt"),
    ),
    fails(
      "decrypt",
      "refuses_to_decrypt_where_key_ops_forbids_it",
      "RFC 7517 §4.3",
      {
        token: made(a256kw),
        key: { jwk: { kty: "oct", k: base64url(a256kw.secret), alg: "A256KW", key_ops: ["wrapKey"] } },
      },
      error("KEY_USAGE", 'the key\'s "key_ops" forbids decrypting'),
    ),
    answers(
      "decrypt",
      "decrypts_where_key_ops_allows_it",
      "RFC 7517 §4.3",
      {
        token: made(a256kw),
        key: { jwk: { kty: "oct", k: base64url(a256kw.secret), alg: "A256KW", key_ops: ["unwrapKey"] } },
      },
      { header: { alg: "A256KW", enc: "A256GCM" }, plaintext: PLAINTEXT },
    ),

    // Several keys.
    ...(() => {
      const named = (key, kid) => ({ ...key.spec, kid });
      const ring = [named(a256kw, "a"), named(a128kw, "b"), named(dir, "c")];
      const twins = [named(a256kw, "a"), { ...a256kw.spec, secret: base64url(bytesOf("twin", 32)), kid: "b" }];
      const source = "RFC 7516 §4.1.6";
      const once = "countersign: one bad or double key never spoils a set";
      const two = [named(a256kw, "t"), { ...twins[1], kid: "t" }];
      const mayWrap = {
        jwk: { kty: "oct", k: base64url(a256kw.secret), alg: "A256KW", key_ops: ["wrapKey"], kid: "a" },
      };
      const headerOf = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url").toString());
      const ofP = made(p256Key, { header: { kid: "p" } });
      const having = (kid) => made(a256kw, { header: kid === undefined ? {} : { kid } });
      const ok = (kid) => ({ header: { alg: "A256KW", enc: "A256GCM", ...(kid && { kid }) }, plaintext: PLAINTEXT });
      return [
        answers("decrypt", "decrypts_with_the_key_of_that_kid", source, { token: having("a"), keys: twins }, ok("a")),
        answers(
          "decrypt",
          "decrypts_without_kid_with_the_one_key_of_the_alg",
          source,
          { token: having(), keys: ring },
          ok(),
        ),
        fails(
          "decrypt",
          "refuses_to_decrypt_with_the_key_of_another_kid",
          source,
          { token: having("b"), keys: twins },
          failed,
        ),
        fails("decrypt", "finds_no_key_to_decrypt_with_of_that_kid", source, { token: having("x"), keys: ring }, noKey),
        fails("decrypt", "finds_no_key_to_decrypt_with_among_none", source, { token: having(), keys: [] }, noKey),
        fails(
          "decrypt",
          "refuses_the_key_of_that_kid_and_another_alg",
          source,
          { token: having("b"), keys: ring },
          algMismatch,
        ),
        fails(
          "decrypt",
          "cannot_choose_between_keys_without_kid",
          source,
          { token: having(), keys: twins },
          severalKeys,
        ),
        ...[
          ["twice", [named(a256kw, "a"), named(a256kw, "a")], "a"],
          ["twice_without_kid", [a256kw.spec, a256kw.spec], undefined],
          ["beside_two_others_of_one_kid_and_alg", [named(a256kw, "a"), ...two], "a"],
          ["beside_one_that_may_not_decrypt", [mayWrap, named(a256kw, "a")], "a"],
          ["before_one_that_may_not_decrypt", [named(a256kw, "a"), mayWrap], "a"],
        ].map(([name, keys, kid]) =>
          answers("decrypt", `decrypts_with_a_key_that_is_there_${name}`, once, { token: having(kid), keys }, ok(kid)),
        ),
        answers(
          "decrypt",
          "decrypts_with_a_private_key_beside_its_public_key",
          once,
          { token: ofP, keys: [{ jwk: p256Public, alg: "ECDH-ES", kid: "p" }, named(p256Key, "p")] },
          { header: headerOf(ofP), plaintext: PLAINTEXT },
        ),
        answers(
          "decrypt",
          "decrypts_with_a_password_that_is_there_twice",
          once,
          { token: made(pbes2), keys: [pbes2.spec, pbes2.spec] },
          { header: headerOf(made(pbes2)), plaintext: PLAINTEXT },
        ),
        ...[two, two.toReversed()].map((keys, index) =>
          fails(
            "decrypt",
            `refuses_a_token_for_one_of_two_keys_of_one_kid_and_alg_${index}`,
            once,
            { token: having("t"), keys: [named(a256kw, "a"), ...keys] },
            severalOfKid,
          ),
        ),
        fails(
          "decrypt",
          "refuses_a_token_without_kid_for_a_key_of_two_names",
          source,
          { token: having(), keys: [named(a256kw, "a"), named(a256kw, "b")] },
          severalKeys,
        ),
        fails(
          "decrypt",
          "refuses_two_keys_for_dir_of_one_kid_and_other_content_encryptions",
          once,
          {
            token: made(dir, { header: { kid: "c" } }),
            keys: [named(dir, "c"), { ...dir.spec, enc: "A128CBC-HS256", kid: "c" }],
          },
          severalOfKid,
        ),
        fails(
          "decrypt",
          "refuses_a_key_that_may_not_decrypt_twice",
          "RFC 7517 §4.3",
          { token: having("a"), keys: [mayWrap, mayWrap] },
          error("KEY_USAGE", 'the key\'s "key_ops" forbids decrypting'),
        ),
      ];
    })(),

    // Lengths.
    ...[
      [1, "encrypted key", 40],
      [2, "initialization vector", 12],
      [4, "authentication tag", 16],
    ].flatMap(([index, part, length]) => [
      refuses(
        `a_shorter_${part.replaceAll(" ", "_")}`,
        lengths,
        a256kw,
        { corrupt: shorter(index) },
        notBytes(part, length),
      ),
      refuses(
        `a_longer_${part.replaceAll(" ", "_")}`,
        lengths,
        a256kw,
        { corrupt: longer(index) },
        notBytes(part, length),
      ),
      refuses(
        `no_${part.replaceAll(" ", "_")}`,
        lengths,
        a256kw,
        { corrupt: text(index, () => "") },
        notBytes(part, length),
      ),
    ]),
    refuses(
      "a_gcm_tag_of_96_bits",
      "RFC 7518 §5.3: the tag has 128 bits",
      a256kw,
      { corrupt: bytes(4, (t) => t.subarray(0, 12)) },
      notBytes("authentication tag", 16),
    ),
    refuses(
      "a_gcm_iv_of_128_bits",
      "RFC 7518 §5.3: the IV has 96 bits",
      a256kw,
      { iv: bytesOf("iv", 16) },
      notBytes("initialization vector", 12),
    ),
    refuses(
      "a_cbc_tag_of_half_its_length",
      "RFC 7518 §5.2.5",
      a256kw,
      { enc: "A256CBC-HS512", corrupt: bytes(4, (t) => t.subarray(0, 16)) },
      notBytes("authentication tag", 32),
    ),
    refuses(
      "a_cbc_tag_of_the_whole_mac",
      "RFC 7518 §5.2.5",
      a256kw,
      { enc: "A128CBC-HS256", corrupt: bytes(4, (t) => Buffer.concat([t, t])) },
      notBytes("authentication tag", 16),
    ),
    refuses(
      "an_encrypted_key_beside_dir",
      "RFC 7518 §4.5",
      dir,
      { encrypted: Buffer.from([1]) },
      notBytes("encrypted key", 0),
    ),
    refuses(
      "an_encrypted_key_beside_a_direct_agreement",
      "RFC 7518 §4.6",
      p256Key,
      { encrypted: Buffer.from([1]) },
      notBytes("encrypted key", 0),
    ),
    refuses(
      "an_encrypted_key_shorter_than_the_modulus",
      "RFC 8017 §7.1.2",
      rsa,
      { corrupt: shorter(1) },
      notBytes("encrypted key", 256),
    ),

    // What fails alike.
    ...[a128kw, a256kw, dir, xKey, p256Key, p384Key, pbes2, rsa].flatMap((key) => [
      refuses(`an_altered_ciphertext_of_${nameOf(key)}`, oneError, key, { corrupt: flipped(3, 0) }, failed),
      refuses(`an_altered_tag_of_${nameOf(key)}`, oneError, key, { corrupt: flipped(4, -1) }, failed),
      refuses(`an_altered_iv_of_${nameOf(key)}`, oneError, key, { corrupt: flipped(2, 0) }, failed),
      refuses(
        `an_altered_header_of_${nameOf(key)}`,
        "RFC 7516 §5.1 step 14: the header is authenticated",
        key,
        {
          corrupt: bytes(0, (h) => Buffer.from(JSON.stringify({ ...JSON.parse(h.toString()), other: 1 }))),
        },
        failed,
      ),
    ]),
    ...[a128kw, a256kw, p384Key, pbes2, rsa].map((key) =>
      refuses(`an_altered_encrypted_key_of_${nameOf(key)}`, oneError, key, { corrupt: flipped(1, -1) }, failed),
    ),
    refuses(
      "content_of_another_key_s_token",
      oneError,
      a256kw,
      { cek: bytesOf("another", 32), corrupt: (s) => s.splice(3, 2, ...made(a256kw).split(".").slice(3)) },
      failed,
    ),
    refuses("altered_content_of_cbc", oneError, a256kw, { enc: "A128CBC-HS256", corrupt: flipped(3, 0) }, failed),
    refuses("an_altered_tag_of_cbc", oneError, a256kw, { enc: "A256CBC-HS512", corrupt: flipped(4, 0) }, failed),
    refuses("no_content_at_all_of_cbc", oneError, a256kw, { enc: "A128CBC-HS256", corrupt: text(3, () => "") }, failed),
    refuses(
      "content_of_half_a_block_of_cbc",
      oneError,
      a256kw,
      { enc: "A128CBC-HS256", corrupt: bytes(3, (c) => c.subarray(0, 8)) },
      failed,
    ),
    ...[
      ["zero", 0],
      ["seventeen", 17],
    ].map(([what, fill]) =>
      refuses(
        `authentic_content_whose_padding_is_${what}`,
        "RFC 7518 §5.2.2.2, RFC 5652 §6.3: what the MAC covers may still be ill-formed",
        a256kw,
        { enc: "A128CBC-HS256", pad: withByte(-1, fill) },
        failed,
      ),
    ),
    refuses(
      "padding_that_disagrees_with_itself",
      "RFC 5652 §6.3",
      a256kw,
      { enc: "A128CBC-HS256", plaintext: "x".repeat(12), pad: withByte(-2, 5) },
      failed,
    ),
    refuses(
      "a_content_key_of_another_length_in_rsa",
      "RFC 7516 §11.5",
      rsa,
      { cek: bytesOf("short", 16), enc: "A128GCM", header: { enc: "A256GCM" } },
      failed,
    ),
    refuses(
      "an_oaep_block_of_another_label",
      "RFC 8017 §7.1.2",
      rsa,
      { oaep: (block) => block.fill(block[40] ^ 1, 40, 41) },
      failed,
    ),
    refuses("an_oaep_block_of_zeros", "RFC 8017 §7.1.2", rsa, { oaep: (block) => block.fill(0) }, failed),

    // Agreement.
    refuses(
      "an_agreement_without_epk",
      "RFC 7518 §4.6.1",
      xKey,
      { header: { epk: undefined } },
      header('missing "epk" header'),
    ),
    ...Object.entries({ a_string: "x", null: null, an_array: [] }).map(([what, epk]) =>
      refuses(
        `an_epk_that_is_${what}`,
        "RFC 7518 §4.6.1.1",
        xKey,
        { header: { epk } },
        header('"epk" header is not an object'),
      ),
    ),
    refuses(
      "an_epk_with_a_private_key",
      "RFC 7518 §4.6.1.1: only public parameters",
      xKey,
      { header: { epk: ephemerals.X25519 } },
      header('"epk" header holds a private key'),
    ),
    decrypts("decrypts_where_epk_has_more_members", "RFC 7517 §4: they are ignored", xKey, {
      header: { epk: { ...xPublic, use: "enc" } },
    }),
    ...[
      ["an_epk_without_kty", { ...xPublic, kty: undefined }],
      ["an_epk_of_another_kty", { ...xPublic, kty: "EC" }],
      ["an_epk_without_crv", { ...xPublic, crv: undefined }],
      ["an_epk_of_ed25519", { ...xPublic, crv: "Ed25519" }],
      ["an_epk_of_another_curve", p256Public],
      ["an_epk_without_x", { ...xPublic, x: undefined }],
      ["an_epk_of_31_bytes", { ...xPublic, x: base64url(Buffer.alloc(31, 9)) }],
      ["an_epk_of_33_bytes", { ...xPublic, x: base64url(Buffer.alloc(33, 9)) }],
      ["an_epk_in_padded_base64url", { ...xPublic, x: `${xPublic.x}=` }],
      ["an_epk_whose_x_is_a_number", { ...xPublic, x: 9 }],
    ].map(([what, epk]) => refuses(what, epkRule, xKey, { header: { epk } }, badEpk)),
    ...Object.entries(SMALL_ORDER).map(([what, point]) =>
      refuses(
        `an_epk_of_small_order_${what}`,
        smallOrder,
        xKey,
        { shared: Buffer.alloc(32), header: { epk: { ...xPublic, x: base64url(point) } } },
        badEpk,
      ),
    ),
    ...[
      [
        "an_epk_off_the_curve",
        {
          ...p256Public,
          y: base64url(Buffer.concat([Buffer.from(p256Public.y, "base64url").subarray(0, 31), Buffer.from([0])])),
        },
      ],
      ["an_epk_at_the_origin", { ...p256Public, x: base64url(Buffer.alloc(32)), y: base64url(Buffer.alloc(32)) }],
      ["an_epk_without_y", { ...p256Public, y: undefined }],
      ["an_epk_whose_x_is_short", { ...p256Public, x: base64url(Buffer.from(p256Public.x, "base64url").subarray(1)) }],
      ["an_epk_of_p_384_for_a_key_on_p_256", { ...ephemerals["P-384"], d: undefined }],
      ["an_epk_of_x25519_for_a_key_on_p_256", xPublic],
    ].map(([what, epk]) => refuses(what, epkRule, p256Key, { header: { epk } }, badEpk)),
    decrypts("decrypts_with_apu_and_apv", "RFC 7518 §4.6.1.2", xKey, {
      apu: Buffer.from("Alice"),
      apv: Buffer.from("Bob"),
    }),
    refuses(
      "an_apu_that_was_not_agreed_on",
      "RFC 7518 §4.6.2",
      xKey,
      { apu: Buffer.from("Alice"), header: { apu: "Qm9i" } },
      failed,
    ),
    refuses("an_apu_that_is_a_number", "RFC 7518 §4.6.1.2", xKey, { header: { apu: 1 } }, headerNotString("apu")),
    refuses(
      "an_apv_in_padded_base64url",
      "RFC 7518 §4.6.1.3",
      xKey,
      { header: { apv: "Qm8=" } },
      header('"apv" header is not canonical base64url'),
    ),
    decrypts("decrypts_with_an_apu_of_1024_bytes", "a limit of ours", xKey, { apu: Buffer.alloc(1024, 7) }),
    refuses(
      "an_apu_of_1025_bytes",
      "a limit of ours",
      xKey,
      { apu: Buffer.alloc(1025, 7) },
      header('"apu" header is longer than 1024 bytes'),
    ),

    // Passwords.
    refuses(
      "a_password_s_token_without_p2c",
      "RFC 7518 §4.8.1.2",
      pbes2,
      { header: { p2c: undefined } },
      header('missing "p2c" header'),
    ),
    refuses(
      "a_password_s_token_without_p2s",
      "RFC 7518 §4.8.1.1",
      pbes2,
      { header: { p2s: undefined } },
      header('missing "p2s" header'),
    ),
    refuses(
      "a_p2c_that_is_a_string",
      "RFC 7518 §4.8.1.2",
      pbes2,
      { header: { p2c: "1000" } },
      header('"p2c" header is not a number'),
    ),
    ...[999, 0, -1000, 1000.5].map((p2c) =>
      refuses(
        `a_p2c_of_${String(p2c).replace("-", "minus_").replace(".", "_and_")}`,
        "RFC 7518 §4.8.1.2: 1000 at least",
        pbes2,
        { p2c: Math.abs(Math.ceil(p2c)), header: { p2c } },
        header('"p2c" header is not a whole number of at least 1000'),
      ),
    ),
    ...[600_001, 2_147_483_648, 1e300].map((p2c) =>
      refuses(
        `a_p2c_of_${String(p2c).replace("+", "_plus_")}`,
        p2cRule,
        pbes2,
        { p2c: 1000, header: { p2c } },
        header('"p2c" header is greater than option "maxIterations" allows'),
      ),
    ),
    decrypts(
      "decrypts_with_as_many_iterations_as_allowed",
      p2cRule,
      pbes2,
      { p2c: 2000 },
      { options: { maxIterations: 2000 } },
    ),
    refuses(
      "more_iterations_than_allowed",
      p2cRule,
      pbes2,
      { p2c: 2001 },
      header('"p2c" header is greater than option "maxIterations" allows'),
      { options: { maxIterations: 2000 } },
    ),
    decrypts("decrypts_with_a_salt_of_8_bytes", "RFC 7518 §4.8.1.1", pbes2, { p2s: bytesOf("salt", 8) }),
    refuses(
      "a_password_s_token_with_a_salt_of_7_bytes",
      "RFC 7518 §4.8.1.1",
      pbes2,
      { p2s: bytesOf("salt", 7) },
      header('"p2s" header is not between 8 and 1024 bytes'),
    ),
    decrypts("decrypts_with_a_salt_of_1024_bytes", "a limit of ours", pbes2, { p2s: bytesOf("salt", 1024) }),
    refuses(
      "a_salt_of_1025_bytes",
      "a limit of ours",
      pbes2,
      { p2s: bytesOf("salt", 1025) },
      header('"p2s" header is not between 8 and 1024 bytes'),
    ),
    refuses("another_password", oneError, { ...pbes2, password: Buffer.from("Tr0ub4dor&3") }, {}, failed, {
      key: "pbes2_hs256_a128kw",
    }),

    // Options.
    ...[0, 16_777_217].map((maxLength) =>
      refuses(
        `a_maxlength_of_${maxLength}`,
        "a limit of ours",
        a256kw,
        {},
        option('option "maxLength" is not between 1 and 16777216'),
        { options: { maxLength } },
      ),
    ),
    ...[999, 10_000_001].map((maxIterations) =>
      refuses(
        `a_maxiterations_of_${maxIterations}`,
        "a limit of ours",
        a256kw,
        {},
        option('option "maxIterations" is not between 1000 and 10000000'),
        { options: { maxIterations } },
      ),
    ),
    refuses(
      "to_accept_an_unknown_enc",
      "an option of ours",
      a256kw,
      {},
      option('option "enc" is not a supported content encryption'),
      { options: { enc: "A512GCM" } },
    ),
    refuses(
      "to_accept_no_enc_at_all",
      "an option of ours",
      a256kw,
      {},
      wrongOption("enc", "a string or a non-empty array of strings"),
      { options: { enc: [] } },
    ),
    refuses(
      "an_unknown_option_of_decrypting",
      "options are read strictly",
      a256kw,
      {},
      option('unknown option "maxlength"'),
      { options: { maxlength: 1 } },
    ),
  ],
};
