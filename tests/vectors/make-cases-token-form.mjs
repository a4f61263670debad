// The three segments, their base64url, and the length of the whole.

import { accepts, CLAIMS, claimsWith, keyTable, NOW, refuses, token } from "./make-compact.mjs";
import { badSignature, isPadded, notBase64url, notJson, threeSegments, tooLong } from "./make-errors.mjs";
import { ed25519, hs256, hs384, hs512 } from "./make-material.mjs";

const by = hs256;
const good = token({ by });
const [goodHeader, goodPayload, goodSignature] = good.split(".");
const raw = (text) => ({ by, raw: text });

/** A header or payload text whose base64url has one or two characters in its last group, or both of - and _. */
const HEADER = {
  none: '{"alg":"HS256"}',
  one: '{"alg":"HS256" }',
  two: '{"alg":"HS256"}  ',
  symbols: '{"alg":"HS256","x":"???>>>~~~"}',
};
const PAYLOAD = (extra) => `{"exp":${NOW + 900},"x":"${extra}"}`;

/** The next character of the alphabet: the same bytes with a bit set that stands for nothing. */
function looseBits(text) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (text.length % 4 === 0) throw new Error("no unused bits");
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) + 1];
}
const padded = (text) => {
  if (text.length % 4 === 0) throw new Error("no padding");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
};
const standard = (text) => {
  if (!/[-_]/.test(text)) throw new Error("nothing to replace");
  return text.replaceAll("-", "+").replaceAll("_", "/");
};
const insert = (what) => (text) => `${text.slice(0, 8)}${what}${text.slice(8)}`;

const header = (change, text = HEADER.one) => ({ by, header: text, segments: (h, p) => [change(h), p] });
const payload = (change, text = CLAIMS) => ({ by, payload: text, segments: (h, p) => [h, change(p)] });
const signature = (change, key = by) => ({ by: key, signatureText: change });

const strict = "RFC 7515 §2, RFC 4648 §3: base64url without padding, line breaks or other characters";
const junk = "GHSA-hxm8-2xgr-2p9m: junk characters in base64 accepted";
const canonical = "RFC 4648 §3.5: unused bits are zero, so that a token has one spelling";
const three = "RFC 7515 §7.1: three segments";
const edges = "countersign: no white space around the token";
const limit = "countersign: length limit, checked before anything is split; CVE-2025-30204, CVE-2025-27144";

const INSERTIONS = {
  a_space: " ",
  a_tab: "\t",
  a_line_feed: "\n",
  a_carriage_return_and_line_feed: "\r\n",
  a_nul: "\0",
  a_star: "*",
  an_equals_sign: "=",
  a_percent_escape: "%41",
  a_letter_outside_ascii: "é",
  a_full_width_letter: "Ａ",
  a_zero_width_space: "\u200b",
  a_byte_order_mark: "\ufeff",
};

/** A token of exactly `length` bytes. */
function ofLength(length) {
  const without = token({ by, payload: claimsWith({ x: "" }) }).length;
  const near = Math.floor(((length - without) * 3) / 4);
  for (const fill of [near - 1, near, near + 1, near + 2]) {
    const parts = { by, payload: claimsWith({ x: "a".repeat(fill) }) };
    if (token(parts).length === length) return parts;
  }
  throw new Error(`no token of ${length} bytes`);
}

export default {
  description: "The form of a compact token: its length, its three segments, and canonical base64url.",
  keys: keyTable(hs256, hs384, hs512, ed25519),
  cases: [
    accepts("a_plain_hs256_token", "RFC 7515 §3.1", { by }),
    accepts("a_plain_hs384_token", "RFC 7515 §3.1", { by: hs384 }),
    accepts("a_plain_hs512_token", "RFC 7515 §3.1", { by: hs512 }),
    accepts("a_plain_eddsa_token", "RFC 8037 §3.1", { by: ed25519 }),

    refuses("an_empty_token", three, raw(""), threeSegments),
    refuses("a_token_of_one_segment", three, raw(goodHeader), threeSegments),
    refuses("a_token_of_two_segments", three, raw(`${goodHeader}.${goodPayload}`), threeSegments),
    refuses("a_token_of_four_segments", three, raw(`${good}.`), threeSegments),
    refuses("a_token_that_repeats_its_signature", three, raw(`${good}.${goodSignature}`), threeSegments),
    refuses("a_token_of_five_segments", "RFC 7516 §9: five segments are a JWE", raw(`${good}.a.b`), threeSegments),
    refuses("a_token_after_a_dot", three, raw(`.${good}`), threeSegments),
    refuses("one_dot", three, raw("."), threeSegments),
    refuses("two_dots", "RFC 7519 §7.2: the empty header is not JSON", raw(".."), notJson("header")),
    refuses("three_dots", three, raw("..."), threeSegments),
    refuses("ten_thousand_dots", "CVE-2025-30204: many dots", raw(".".repeat(10000)), threeSegments),
    refuses(
      "a_json_serialization",
      "RFC 7519 §1: a JWT is compact",
      raw('{"payload":"","signatures":[]}'),
      threeSegments,
    ),
    refuses(
      "an_empty_header_segment",
      three,
      header(() => ""),
      notJson("header"),
    ),
    refuses(
      "an_empty_payload_segment",
      three,
      payload(() => ""),
      notJson("payload"),
    ),
    refuses(
      "an_empty_signature_segment",
      "CVE-2015-9235",
      signature(() => ""),
      badSignature,
    ),

    refuses("a_space_before_the_token", edges, raw(` ${good}`), notBase64url("header")),
    refuses("a_line_feed_before_the_token", edges, raw(`\n${good}`), notBase64url("header")),
    refuses("a_byte_order_mark_before_the_token", edges, raw(`\ufeff${good}`), notBase64url("header")),
    refuses("the_word_bearer_before_the_token", edges, raw(`Bearer ${good}`), notBase64url("header")),
    refuses("a_quotation_mark_before_the_token", edges, raw(`"${good}`), notBase64url("header")),
    refuses("a_space_after_the_token", edges, raw(`${good} `), notBase64url("signature")),
    refuses("a_line_feed_after_the_token", edges, raw(`${good}\n`), notBase64url("signature")),
    refuses("a_nul_after_the_token", edges, raw(`${good}\0`), notBase64url("signature")),
    refuses(
      "a_space_after_the_header_segment",
      edges,
      header((h) => `${h} `),
      notBase64url("header"),
    ),
    refuses(
      "a_space_before_the_payload_segment",
      edges,
      payload((p) => ` ${p}`),
      notBase64url("payload"),
    ),
    refuses(
      "a_space_before_the_signature_segment",
      edges,
      signature((s) => ` ${s}`),
      notBase64url("signature"),
    ),

    ...Object.entries(INSERTIONS).flatMap(([name, what]) => [
      refuses(`${name}_in_the_header_segment`, strict, header(insert(what)), notBase64url("header")),
      refuses(`${name}_in_the_payload_segment`, strict, payload(insert(what)), notBase64url("payload")),
      refuses(`${name}_in_the_signature_segment`, junk, signature(insert(what)), notBase64url("signature")),
    ]),

    accepts("a_header_that_ends_in_a_group_of_two", canonical, { by, header: HEADER.one }),
    accepts("a_header_that_ends_in_a_group_of_three", canonical, { by, header: HEADER.two }),
    refuses("a_header_with_two_padding_signs", strict, header(padded), isPadded("header")),
    refuses("a_header_with_one_padding_sign", strict, header(padded, HEADER.two), isPadded("header")),
    refuses(
      "a_header_with_two_padding_signs_and_four_loose_bits",
      strict,
      header((h) => padded(looseBits(h))),
      notBase64url("header"),
    ),
    refuses("a_header_with_four_loose_bits", canonical, header(looseBits), notBase64url("header")),
    refuses("a_header_with_two_loose_bits", canonical, header(looseBits, HEADER.two), notBase64url("header")),
    refuses(
      "a_header_with_a_single_last_character",
      strict,
      header((h) => `${h}A`, HEADER.none),
      notBase64url("header"),
    ),

    accepts("a_payload_that_ends_in_a_group_of_two", canonical, { by, payload: PAYLOAD("abc") }),
    accepts("a_payload_that_ends_in_a_group_of_three", canonical, { by, payload: PAYLOAD("abcd") }),
    refuses("a_payload_with_two_padding_signs", strict, payload(padded, PAYLOAD("abc")), isPadded("payload")),
    refuses("a_payload_with_one_padding_sign", strict, payload(padded, PAYLOAD("abcd")), isPadded("payload")),
    refuses("a_payload_with_four_loose_bits", canonical, payload(looseBits, PAYLOAD("abc")), notBase64url("payload")),
    refuses("a_payload_with_two_loose_bits", canonical, payload(looseBits, PAYLOAD("abcd")), notBase64url("payload")),
    refuses(
      "a_payload_with_a_single_last_character",
      strict,
      payload((p) => `${p}A`, PAYLOAD("ab")),
      notBase64url("payload"),
    ),

    refuses("a_signature_with_padding", strict, signature(padded), isPadded("signature")),
    refuses("an_ed25519_signature_with_padding", strict, signature(padded, ed25519), isPadded("signature")),
    refuses("a_signature_with_two_loose_bits", canonical, signature(looseBits), notBase64url("signature")),
    refuses(
      "an_ed25519_signature_with_four_loose_bits",
      canonical,
      signature(looseBits, ed25519),
      notBase64url("signature"),
    ),
    refuses(
      "a_signature_with_a_single_last_character",
      strict,
      signature((s) => `${s}AA`),
      notBase64url("signature"),
    ),

    accepts("a_header_with_minus_and_underscore", strict, { by, header: HEADER.symbols }),
    refuses("a_header_in_the_standard_alphabet", strict, header(standard, HEADER.symbols), notBase64url("header")),
    accepts("a_payload_with_minus_and_underscore", strict, { by, payload: PAYLOAD("???>>>~~~") }),
    refuses(
      "a_payload_in_the_standard_alphabet",
      strict,
      payload(standard, PAYLOAD("???>>>~~~")),
      notBase64url("payload"),
    ),
    refuses("a_signature_in_the_standard_alphabet", strict, signature(standard, ed25519), notBase64url("signature")),

    accepts("a_token_of_exactly_16384_bytes", limit, ofLength(16384)),
    refuses("a_token_of_16385_bytes", limit, ofLength(16385), tooLong()),
    refuses("a_long_token_before_it_counts_its_dots", limit, raw("a".repeat(16385)), tooLong()),
    refuses("a_long_run_of_dots_before_it_is_split", limit, raw(".".repeat(16385)), tooLong()),
    refuses("a_token_by_its_length_in_bytes_of_utf_8", limit, raw("é".repeat(8193)), tooLong()),
    refuses("text_of_16384_bytes_by_its_form", limit, raw("é".repeat(8192)), threeSegments),
    accepts("a_token_as_long_as_max_token_length", limit, ofLength(300), { options: { maxTokenLength: 300 } }),
    refuses("a_token_longer_than_max_token_length", limit, ofLength(301), tooLong(300), {
      options: { maxTokenLength: 300 },
    }),
    accepts("a_longer_token_when_max_token_length_allows", limit, ofLength(20000), {
      options: { maxTokenLength: 20000 },
    }),
    refuses("a_token_longer_than_a_raised_limit", limit, ofLength(20001), tooLong(20000), {
      options: { maxTokenLength: 20000 },
    }),
  ],
};
