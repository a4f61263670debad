// Encrypted tokens in JSON (RFC 7516 §7.2): the examples of the RFCs, several recipients, additional data, and what is
// refused.

import { answers, fails } from "./make-compact.mjs";
import {
  algMismatch,
  b64Unsupported,
  critUnknown,
  error,
  missingAlg,
  noKey,
  notBase64url,
  notJson,
  notObject,
  repeats,
  severalKeys,
  tooLong,
  typUnexpected,
  unknownOption,
  zipUnsupported,
} from "./make-errors.mjs";
import { curves, encryptionKeys, jwe, PLAINTEXT, seal, wrap } from "./make-jwe.mjs";
import { base64url, bytesOf } from "./make-material.mjs";
import { aesOf58, FRODO, gcmkwOf57, jweOfA4, printed, rsaOf52 } from "./make-rfc-jwe.mjs";

const { a128kw, a256kw, dir_a256gcm: dir } = encryptionKeys;
const pbes2 = encryptionKeys.pbes2_hs256_a128kw;
const keys = Object.fromEntries(Object.entries(encryptionKeys).map(([name, { spec }]) => [name, spec]));
const nameOf = (key) => Object.keys(encryptionKeys).find((name) => encryptionKeys[name] === key);

const form = "RFC 7516 §7.2";
const disjoint = "RFC 7516 §7.2.1: no parameter in two headers";
const malformed = (message) => error("TOKEN_MALFORMED", message);
const header = (message) => error("TOKEN_HEADER_INVALID", message);
const option = (message) => error("OPTION_INVALID", message);
const failed = error("DECRYPTION_FAILED", "token cannot be decrypted with this key");
const noRecipient = error("KEY_NOT_FOUND", "no key for any recipient of the JWE");

const said = (value) => base64url(typeof value === "string" ? value : JSON.stringify(value));
const enc = "A256GCM";
const cek = bytesOf("cek of json", 32);
const iv = bytesOf("iv", 12);

/** A token's object: its protected header, its other members, and the content key that encrypts it. */
function sealed({ protectedHeader = { enc }, aad, plaintext = PLAINTEXT, key = cek, ...members }) {
  const head = protectedHeader === null ? undefined : said(protectedHeader);
  const extra = aad === undefined ? undefined : base64url(aad);
  const authenticated = extra === undefined ? (head ?? "") : `${head ?? ""}.${extra}`;
  const { ciphertext, tag } = seal(enc, key, iv, Buffer.from(authenticated), Buffer.from(plaintext));
  const content = { iv: base64url(iv), ciphertext: base64url(ciphertext), tag: base64url(tag) };
  return { protected: head, ...(extra !== undefined && { aad: extra }), ...content, ...members };
}
/** A recipient of `cek` by key wrap. */
const of = (key, more = {}, wrapped = cek) => ({
  header: { alg: key.alg, ...more },
  encrypted_key: base64url(wrap(key.secret, wrapped)),
});
const flat = (more = {}) =>
  sealed({ protectedHeader: { alg: "A256KW", enc }, encrypted_key: of(a256kw).encrypted_key, ...more });
const general = (recipients = [of(a128kw), of(a256kw)], more = {}) => sealed({ recipients, ...more });

const decrypts = (name, source, token, key, ok = {}, more = {}) => {
  const object = typeof token === "string" ? JSON.parse(token) : token;
  const read = object.protected === undefined ? {} : JSON.parse(Buffer.from(object.protected, "base64url").toString());
  const text = typeof token === "string" ? token : JSON.stringify(token);
  const inputs = { jwe: text, ...(typeof key === "object" && key.keys ? key : { key }), ...more };
  return answers("decryptJson", `decrypts_json_${name}`, source, inputs, {
    header: read,
    plaintext: PLAINTEXT,
    recipient: 0,
    ...(object.aad !== undefined && { aad: object.aad }),
    ...ok,
  });
};
const refuses = (name, source, token, expected, key = "a256kw", more = {}) => {
  const text = typeof token === "string" ? token : JSON.stringify(token);
  return fails("decryptJson", `refuses_json_${name}`, source, { jwe: text, key, ...more }, expected);
};

const encrypts = (name, to, options, ok) =>
  answers("encryptJson", `encrypts_json_${name}`, form, { plaintext: PLAINTEXT, to, options }, ok);
const encryptsNot = (name, to, options, expected) =>
  fails("encryptJson", `refuses_to_encrypt_json_${name}`, form, { plaintext: PLAINTEXT, to, options }, expected);
const drawn = "<drawn>";
const content = { iv: drawn, ciphertext: drawn, tag: drawn };

/** RFC 7520 §5: each example in the forms in which it is printed. */
const cookbook = Object.entries({
  5.2: { jwk: rsaOf52 },
  5.7: { jwk: gcmkwOf57 },
  5.8: { jwk: aesOf58 },
  5.9: { jwk: aesOf58 },
  "5.10": { jwk: aesOf58 },
  5.11: { jwk: aesOf58 },
  5.12: { jwk: aesOf58 },
}).flatMap(([section, key]) =>
  ["general", "flattened"].map((kind) =>
    decrypts(`${kind}_of_rfc_7520_${section.replace(".", "_")}`, `RFC 7520 §${section}`, printed[section][kind], key, {
      plaintext: FRODO,
    }),
  ),
);

/** RFC 7520 §5.13. Its first recipient has RSA1_5, which is not offered. */
const OF_5_13 = {
  recipients: [
    { encrypted_key: "AAAA", header: { alg: "RSA1_5", kid: "frodo.baggins@hobbiton.example" } },
    {
      encrypted_key: "ExInT0io9BqBMYF6-maw5tZlgoZXThD1zWKsHixJuw_elY4gSSId_w",
      header: {
        alg: "ECDH-ES+A256KW",
        kid: "peregrin.took@tuckborough.example",
        epk: {
          kty: "EC",
          crv: "P-384",
          x: "Uzdvk3pi5wKCRc1izp5_r0OjeqT-I68i8g2b8mva8diRhsE2xAn2DtMRb25Ma2CX",
          y: "VDrRyFJh-Kwd1EjAgmj5Eo-CTHAZ53MC7PjjpLioy3ylEjI1pOMbw91fzZ84pbfm",
        },
      },
    },
    {
      encrypted_key: "a7CclAejo_7JSuPB8zeagxXRam8dwCfmkt9-WyTpS1E",
      header: {
        alg: "A256GCMKW",
        kid: "18ec08e1-bfa9-4d95-b205-2b4dd1d4321d",
        tag: "59Nqh1LlYtVIhfD3pgRGvw",
        iv: "AvpeoPZ9Ncn9mkBn",
      },
    },
  ],
  unprotected: { cty: "text/plain" },
  protected: "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2In0",
  iv: "VgEIHY20EnzUtZFl2RpB1g",
  ciphertext:
    "ajm2Q-OpPXCr7-MHXicknb1lsxLdXxK_yLds0KuhJzfWK04SjdxQeSw2L9mu3a_k1C55kCQ_3xlkcVKC5yr__Is48VOoK0k63_QRM9tBURMFqLByJ8vOYQX0oJW4VUHJLmGhF-tVQWB7Kz8mr8zeE7txF0MSaP6ga7-siYxStR7_G07Thd1jh-zGT0wxM5g-VRORtq0K6AXpLlwEqRp7pkt2zRM0ZAXqSpe1O6FJ7FHLDyEFnD-zDIZukLpCbzhzMDLLw2-8I14FQrgi-iEuzHgIJFIJn2wh9Tj0cg_kOZy9BqMRZbmYXMY9YQjorZ_P_JYG3ARAIF3OjDNqpdYe-K_5Q5crGJSDNyij_ygEiItR5jssQVH2ofDQdLChtazE",
  tag: "BESYyFN7T09KY7i8zKs5_g",
};

/** RFC 7516 A.4 in the flattened form: what A.5 shows of the second recipient. */
const { recipients: recipientsOfA4, ...sharedOfA4 } = jweOfA4;
const ofA5 = { ...sharedOfA4, ...recipientsOfA4[1] };
const keyOfA4 = { jwk: { kty: "oct", k: "GawgguFyGrWKav7AX4VKUg" }, alg: "A128KW" };
const live = { plaintext: "Live long and prosper." };

export default {
  description: "Encrypted tokens in JSON: the examples of RFC 7516 and RFC 7520, recipients, additional data.",
  keys,
  cases: [
    ...cookbook,
    decrypts(
      "general_of_rfc_7520_5_13_by_agreement",
      "RFC 7520 §5.13",
      OF_5_13,
      {
        jwk: { ...curves["P-384"], kid: "peregrin.took@tuckborough.example", use: "enc" },
        alg: "ECDH-ES+A256KW",
      },
      { plaintext: FRODO, recipient: 1 },
    ),
    decrypts(
      "general_of_rfc_7520_5_13_by_gcm",
      "RFC 7520 §5.13",
      OF_5_13,
      { jwk: gcmkwOf57 },
      {
        plaintext: FRODO,
        recipient: 2,
      },
    ),
    decrypts("general_of_rfc_7516_a_4", "RFC 7516 A.4", jweOfA4, keyOfA4, { ...live, recipient: 1 }),
    decrypts("flattened_of_rfc_7516_a_5", "RFC 7516 A.5", ofA5, keyOfA4, live),

    decrypts("flattened", form, flat(), "a256kw"),
    decrypts(
      "with_white_space_and_unknown_members",
      form,
      `\n${JSON.stringify({ x: 1, ...flat() }, null, 2)} `,
      "a256kw",
    ),
    decrypts("of_one_recipient_in_a_list", form, general([of(a256kw)]), "a256kw"),
    decrypts("of_the_second_recipient", form, general(), "a256kw", { recipient: 1 }),
    decrypts("of_a_direct_key", form, sealed({ protectedHeader: { alg: "dir", enc }, key: dir.secret }), "dir_a256gcm"),
    decrypts(
      "by_one_of_several_keys",
      form,
      general([of(a128kw, { kid: "other" }), of(a256kw, { kid: "mine" })]),
      { keys: ["a128gcmkw", { ...a256kw.spec, kid: "mine" }] },
      { recipient: 1 },
    ),
    decrypts(
      "of_the_second_of_two_with_one_alg",
      "a single key is the caller's choice, and each recipient is tried",
      general([of(a256kw, {}, bytesOf("another", 32)), of(a256kw)]),
      "a256kw",
      { recipient: 1 },
    ),
    decrypts(
      "beside_a_recipient_that_cannot_be_read",
      form,
      general([{ header: { alg: 7 } }, { header: {} }, { header: { alg: "A256KW", crit: ["x"], x: 1 } }, of(a256kw)]),
      "a256kw",
      { recipient: 3 },
    ),
    decrypts("with_additional_data", "RFC 7516 §5.1 step 14", flat({ aad: Buffer.from("for all") }), "a256kw"),
    decrypts("with_empty_additional_data", "RFC 7516 §5.1 step 14", flat({ aad: Buffer.alloc(0) }), "a256kw"),
    decrypts(
      "with_additional_data_and_no_protected_header",
      "RFC 7516 §5.1 step 14",
      sealed({ protectedHeader: null, aad: Buffer.from("x"), unprotected: { enc }, ...of(a256kw) }),
      "a256kw",
    ),
    decrypts("whose_unprotected_header_is_shared", form, flat({ unprotected: { jku: "https://x.example" } }), "a256kw"),
    decrypts(
      "whose_protected_typ_is_demanded",
      form,
      flat({ protectedHeader: { alg: "A256KW", enc, typ: "JOSE+JSON" } }),
      "a256kw",
      {},
      {
        options: { typ: "JOSE+JSON" },
      },
    ),
    decrypts("of_sixteen_recipients", form, general([...Array(15).fill(of(a128kw)), of(a256kw)]), "a256kw", {
      recipient: 15,
    }),

    refuses("that_is_no_json", form, "{", notJson("JWE")),
    refuses("that_is_an_array", form, "[]", notObject("JWE")),
    refuses("that_is_a_compact_token", form, jwe({ key: a256kw }), notJson("JWE")),
    refuses("that_repeats_a_member", form, JSON.stringify(flat()).replace("{", '{"tag":"",'), repeats("JWE")),
    refuses("longer_than_the_limit", "an option of ours", flat(), tooLong(10), "a256kw", {
      options: { maxLength: 10 },
    }),
    ...["protected", "encrypted_key", "iv", "aad", "ciphertext", "tag"].map((name) =>
      refuses(`whose_${name}_is_a_number`, form, { ...flat(), [name]: 1 }, malformed(`"${name}" is not a string`)),
    ),
    ...["unprotected", "header"].map((name) =>
      refuses(`whose_${name}_is_an_array`, form, { ...flat(), [name]: [] }, malformed(`"${name}" is not an object`)),
    ),
    ...Object.entries({
      protected: "header",
      encrypted_key: "encrypted key",
      iv: "initialization vector",
      ciphertext: "ciphertext",
      tag: "authentication tag",
    }).map(([name, part]) =>
      refuses(`whose_${name}_is_padded`, form, { ...flat(), [name]: "AA==" }, notBase64url(part)),
    ),
    refuses("whose_aad_is_padded", form, { ...flat(), aad: "AA==" }, notBase64url("additional authenticated data")),
    refuses("whose_protected_header_is_an_array", form, flat({ protected: said("[]") }), notObject("header")),
    ...[[], {}, "x", [1]].map((recipients, index) =>
      refuses(
        `whose_recipients_are_${["none", "an_object", "text", "numbers"][index]}`,
        form,
        sealed({ recipients }),
        malformed('"recipients" is not a non-empty array of objects'),
      ),
    ),
    ...["header", "encrypted_key"].map((name) =>
      refuses(
        `with_recipients_and_${name}`,
        "RFC 7516 §7.2.2",
        general(undefined, { [name]: name === "header" ? {} : "" }),
        malformed(`JWE has both "recipients" and "${name}"`),
      ),
    ),
    refuses(
      "whose_encrypted_key_is_empty",
      "RFC 7516 §7.2.1: an empty one must be absent",
      { ...sealed({ protectedHeader: { alg: "dir", enc }, key: dir.secret }), encrypted_key: "" },
      malformed('"encrypted_key" is empty'),
      "dir_a256gcm",
    ),
    refuses(
      "of_seventeen_recipients",
      "a limit of ours",
      general([...Array(16).fill(of(a128kw)), of(a256kw)]),
      error("TOKEN_TOO_LONG", "JWE has more than 16 recipients"),
    ),
    refuses("without_alg", form, flat({ protectedHeader: { enc } }), missingAlg),
    refuses("of_another_alg", form, flat(), algMismatch, "a128kw"),
    refuses("of_several_recipients_none_of_which_is_us", form, general([of(a128kw), of(a128kw)]), noRecipient),
    refuses(
      "of_several_recipients_without_the_typ_that_is_demanded",
      "what is wrong helps more than that other keys do not fit",
      general(),
      typUnexpected,
      "a256kw",
      { options: { typ: "JOSE+JSON" } },
    ),
    refuses(
      "of_several_recipients_of_which_two_keys_are_ours",
      "what is wrong helps more than that other keys do not fit",
      general(),
      severalKeys,
      undefined,
      {
        keys: [a256kw.spec, { ...a256kw.spec, secret: base64url(bytesOf("twin", 32)) }].map((one, index) => ({
          ...one,
          kid: "ab"[index],
        })),
      },
    ),
    refuses("whose_only_recipient_is_not_in_the_ring", form, flat(), noKey, undefined, { keys: ["a128kw"] }),
    ...["unprotected", "header"].flatMap((where) => [
      refuses(
        `whose_alg_is_protected_and_in_${where}`,
        disjoint,
        flat({ [where]: { alg: "A256KW" } }),
        header("a header parameter is in two headers"),
      ),
      refuses(
        `whose_zip_is_in_${where}`,
        "RFC 7516 §4.1.3",
        flat({ [where]: { zip: "DEF" } }),
        header('"zip" header is not protected'),
      ),
      refuses(
        `whose_crit_is_in_${where}`,
        "RFC 7516 §4.1.13",
        flat({ [where]: { crit: ["x"], x: 1 } }),
        header('"crit" header is not protected'),
      ),
      refuses(`whose_b64_is_in_${where}`, "RFC 7797", flat({ [where]: { b64: false } }), b64Unsupported),
      refuses(
        `whose_demanded_typ_is_in_${where}`,
        "what is demanded is protected",
        flat({ [where]: { typ: "JOSE+JSON" } }),
        header('"typ" header is not protected'),
        "a256kw",
        { options: { typ: "JOSE+JSON" } },
      ),
    ]),
    refuses(
      "whose_parameter_is_shared_and_a_recipient_s",
      disjoint,
      sealed({ unprotected: { x: 1 }, recipients: [of(a256kw, { x: 1 })] }),
      header("a header parameter is in two headers"),
    ),
    refuses(
      "with_a_crit_that_nobody_understands",
      "RFC 7516 §4.1.13",
      flat({ protectedHeader: { alg: "A256KW", enc, crit: ["x"], x: 1 } }),
      critUnknown,
    ),
    refuses(
      "compressed_when_none_may_be",
      "an option of ours",
      flat({ protectedHeader: { alg: "A256KW", enc, zip: "DEF" } }),
      zipUnsupported,
      "a256kw",
      {
        options: { maxDecompressedLength: 0 },
      },
    ),
    refuses("whose_additional_data_was_changed", form, { ...flat({ aad: Buffer.from("a") }), aad: said("b") }, failed),
    refuses(
      "whose_additional_data_was_taken_away",
      form,
      { ...flat({ aad: Buffer.from("a") }), aad: undefined },
      failed,
    ),
    refuses("to_which_additional_data_was_added", form, { ...flat(), aad: "" }, failed),
    refuses("whose_content_was_changed", form, flat({ ciphertext: said("another text!") }), failed),
    refuses(
      "of_several_recipients_whose_content_was_changed",
      form,
      general([of(a256kw), of(a256kw)], { ciphertext: said("another text!") }),
      failed,
    ),
    refuses(
      "whose_second_recipient_has_the_password",
      "each password takes long, so only the first is tried",
      {
        ...sealed({}),
        recipients: ["one", "two"].map(() => ({
          header: { alg: pbes2.alg, p2c: 1000, p2s: said("12345678") },
          encrypted_key: said("x".repeat(40)),
        })),
      },
      failed,
      nameOf(pbes2),
    ),
    refuses("by_an_unknown_option", "options are read strictly", flat(), unknownOption("require"), "a256kw", {
      options: { require: "all" },
    }),

    encrypts("for_one", ["a256kw"], {}, { protected: { alg: "A256KW", enc }, encrypted_key: drawn, ...content }),
    encrypts(
      "for_one_with_its_kid",
      [{ ...a256kw.spec, kid: "a" }],
      { enc: "A128GCM" },
      {
        protected: { alg: "A256KW", enc: "A128GCM", kid: "a" },
        encrypted_key: drawn,
        ...content,
      },
    ),
    encrypts("for_one_directly", ["dir_a256gcm"], {}, { protected: { alg: "dir", enc }, ...content }),
    encrypts(
      "for_one_by_agreement",
      ["p_256_ecdh_es"],
      {},
      { protected: { alg: "ECDH-ES", enc, epk: drawn }, ...content },
    ),
    encrypts(
      "for_several",
      ["a128kw", "p_256_ecdh_es_a128kw", "a256gcmkw", "rsa_oaep", nameOf(pbes2), "x25519_ecdh_es_a256kw"],
      { aad: said("x"), typ: "t", cty: "c", header: { a: 1 }, unprotected: { b: 2 } },
      {
        protected: { enc, typ: "t", cty: "c", a: 1 },
        unprotected: { b: 2 },
        aad: said("x"),
        recipients: [
          { alg: "A128KW" },
          { alg: "ECDH-ES+A128KW", epk: drawn },
          { alg: "A256GCMKW", iv: drawn, tag: drawn },
          { alg: "RSA-OAEP" },
          { alg: pbes2.alg, p2s: drawn, p2c: 1000 },
          { alg: "ECDH-ES+A256KW", epk: drawn },
        ].map((own) => ({ header: own, encrypted_key: drawn })),
        ...content,
      },
    ),
    encryptsNot("for_nobody", [], {}, option("a JWE must have 1 to 16 recipients")),
    encryptsNot("for_seventeen", Array(17).fill("a256kw"), {}, option("a JWE must have 1 to 16 recipients")),
    ...["dir_a256gcm", "p_256_ecdh_es"].flatMap((name) => {
      const refused = option(`alg "${encryptionKeys[name].alg}" is for one recipient only`);
      return [
        encryptsNot(`for_${name}_and_another`, [name, "a256kw"], {}, refused),
        encryptsNot(`for_another_and_${name}`, ["a256kw", name], {}, refused),
      ];
    }),
    encryptsNot(
      "with_another_enc_than_the_key_s",
      ["dir_a256gcm"],
      { enc: "A128GCM" },
      option('option "enc" is not the key\'s own content encryption'),
    ),
    encryptsNot(
      "with_an_alg_in_the_header",
      ["a256kw"],
      { header: { alg: "dir" } },
      option('option "header" must not set "alg"'),
    ),
    encryptsNot(
      "with_an_alg_that_is_not_protected",
      ["a256kw"],
      { unprotected: { alg: "dir" } },
      option('option "unprotected" sets a parameter that this library sets itself'),
    ),
    encryptsNot(
      "with_a_parameter_in_two_headers",
      ["a256kw"],
      { header: { a: 1 }, unprotected: { a: 1 } },
      option('option "unprotected": a header parameter is in two headers'),
    ),
    encryptsNot(
      "with_an_unprotected_header_that_is_text",
      ["a256kw"],
      { unprotected: "x" },
      option('option "unprotected" is not a JSON object'),
    ),
    encryptsNot("by_an_unknown_option", ["a256kw"], { apu: "QQ" }, unknownOption("apu")),
  ],
};
