// The JSON of header and payload: encoding, syntax, repeated names, surrogates, depth, and what must be read as it is.

import { accepts, keyTable, NOW, refuses } from "./make-compact.mjs";
import { expired, missingAlg, missingExpiry, notJson, notObject, repeats, tooDeep } from "./make-errors.mjs";
import { hs256 } from "./make-material.mjs";
import { Raw } from "./make-write.mjs";

const by = hs256;
const EXP = `"exp":${NOW + 900}`;
const ALG = '"alg":"HS256"';

/** The same fault in the header and in the payload; `make` writes a text around the member that must be there. */
const PARTS = [
  { part: "header", member: ALG, token: (text) => ({ by, header: text }) },
  { part: "payload", member: EXP, token: (text) => ({ by, payload: text }) },
];
const inBoth = (name, source, make, error) =>
  PARTS.map(({ part, member, token }) => {
    return refuses(`${name.replace("PART", part)}`, source, token(make(member)), error(part));
  });
const acceptedInBoth = (name, source, make) =>
  PARTS.map(({ part, member, token }) => {
    const text = make(member);
    const read = new Raw(text.toString().trim());
    const expected = part === "header" ? { header: read } : { claims: read };
    return accepts(name.replace("PART", part), source, token(text), expected);
  });

const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const inString = (junk) => (member) => bytes(`{${member},"x":"`, junk, '"}');
const withValue = (value) => (member) => `{${member},"x":${value}}`;
const nested = (levels, open = "[", close = "]") => open.repeat(levels) + close.repeat(levels);
const nestedObjects = (levels) => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;

const utf8 = "RFC 7515 §5.2, RFC 8259 §8.1: UTF-8 and nothing else";
const object = "RFC 7515 §4, RFC 7519 §7.2: a JSON object";
const syntax = "RFC 8259 §2 to §7";
const once = "RFC 7515 §4, RFC 7519 §4: a name occurs once";
const surrogates = "RFC 8259 §8.2: lone surrogates";
const depth = "countersign: depth of 64; GHSA-8wjv-2p76-3863, CVE-2025-53864";
const range = "RFC 8259 §6: a number beyond a double";
const asWritten = "countersign: claims come back as they were written";

const ENCODINGS = {
  a_byte_that_is_never_utf_8: [0xff],
  an_overlong_slash: [0xc0, 0xaf],
  an_encoded_surrogate: [0xed, 0xa0, 0x80],
  an_encoded_surrogate_pair: [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  a_cut_off_sequence: [0xe2, 0x82],
  a_lone_continuation_byte: [0x80],
  a_code_point_above_10ffff: [0xf4, 0x90, 0x80, 0x80],
};

const WRONG_TEXT = {
  no_closing_brace: (member) => `{${member}`,
  an_object_and_more: (member) => `{${member}}x`,
  two_objects: (member) => `{${member}}{}`,
  a_nul_after_the_object: (member) => `{${member}}\0`,
  a_trailing_comma: (member) => `{${member},}`,
  a_leading_comma: (member) => `{,${member}}`,
  a_comment: (member) => `{${member}/**/}`,
  single_quotes: (member) => `{${member},'x':1}`,
  a_name_without_quotes: (member) => `{${member},x:1}`,
  a_no_break_space: (member) => `{${member},\u00a0"x":1}`,
  a_form_feed: (member) => `{${member},\f"x":1}`,
  white_space_only: () => " ",
};

const WRONG_VALUE = {
  a_leading_zero: "01",
  a_plus_sign: "+1",
  no_digit_before_the_point: ".5",
  no_digit_after_the_point: "1.",
  no_digit_in_the_exponent: "1e",
  a_hexadecimal_number: "0x1",
  nan: "NaN",
  infinity: "Infinity",
  undefined: "undefined",
  the_word_true_in_capitals: "True",
  a_raw_line_feed_in_a_string: '"\n"',
  a_raw_control_character_in_a_string: '"\u0001"',
  an_unknown_escape: '"\\x41"',
  a_short_unicode_escape: '"\\u12"',
  a_trailing_comma_in_an_array: "[1,]",
};

const SURROGATES = {
  a_lone_high_surrogate: '"\\ud800"',
  a_lone_low_surrogate: '"\\udc00"',
  surrogates_the_wrong_way_round: '"\\ude00\\ud83d"',
  two_high_surrogates: '"\\ud83d\\ud83d\\ude00"',
  a_lone_surrogate_inside_an_array: '[{"y":["\\udfff"]}]',
  a_lone_surrogate_in_a_name: '{"\\udbff":1}',
};

const OTHER_VALUES = { an_array: "[1,2,3,4,5]", a_string: '"text"', a_number: "5", null: "null", true: "true" };

const REPEATED = {
  a_repeated_name: (member) => `{${member},"x":1,"x":1}`,
  a_repeated_registered_name: (member) => `{${member},${member}}`,
  a_name_repeated_by_an_escape: (member) => `{${member},"x":1,"\\u0078":2}`,
  a_name_repeated_in_a_nested_object: (member) => `{${member},"x":{"y":1,"y":2}}`,
  a_name_repeated_in_an_object_in_an_array: (member) => `{${member},"x":[0,{"y":1,"z":0,"y":2}]}`,
  a_repeated_empty_name: (member) => `{${member},"":1,"":2}`,
  a_repeated_proto_name: (member) => `{${member},"__proto__":1,"__proto__":2}`,
};

const AS_WRITTEN = {
  white_space_around_the_PART: (member) => ` \t\r\n{ ${member} }\r\n`,
  the_same_name_at_two_levels_of_the_PART: (member) => `{${member},"x":{"x":{"x":1}},"y":[{"x":1},{"x":1}]}`,
  an_empty_name_in_the_PART: (member) => `{${member},"":1}`,
  a_proto_member_in_the_PART: (member) => `{${member},"__proto__":{"admin":true}}`,
  members_named_like_methods_in_the_PART: (member) => `{${member},"constructor":1,"toString":2,"hasOwnProperty":3}`,
  member_names_that_look_like_indices_in_the_PART: (member) => `{${member},"10":1,"9":2}`,
  a_surrogate_pair_in_the_PART: (member) => `{${member},"x":"\\ud83d\\ude00"}`,
  an_escaped_nul_in_the_PART: (member) => `{${member},"x":"\\u0000"}`,
  a_delete_character_in_the_PART: (member) => `{${member},"x":"\u007f"}`,
  text_outside_the_basic_plane_in_the_PART: (member) => `{${member},"x":"𝔘𝔫𝔦😀"}`,
  line_separators_in_the_PART: (member) => `{${member},"x":"\u2028\u2029"}`,
  a_byte_order_mark_inside_a_string_of_the_PART: (member) => `{${member},"x":"\ufeff"}`,
  noncharacters_in_the_PART: (member) => `{${member},"x":"\ufffe\uffff"}`,
  decomposed_text_in_the_PART: (member) => `{${member},"x":"e\u0301"}`,
  every_escape_in_the_PART: (member) => `{${member},"x":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"}`,
  an_integer_above_2_to_the_53_in_the_PART: (member) => `{${member},"x":9007199254740993}`,
  the_largest_double_in_the_PART: (member) => `{${member},"x":1.7976931348623157e308}`,
  null_in_the_PART: (member) => `{${member},"x":null}`,
  sixty_four_levels_of_arrays_in_the_PART: withValue(nested(63)),
  sixty_four_levels_of_objects_in_the_PART: withValue(nestedObjects(63)),
};

export default {
  description: "Header and payload as JSON: what is not read, and what is read exactly as it is written.",
  keys: keyTable(hs256),
  cases: [
    ...Object.entries(ENCODINGS).flatMap(([name, junk]) =>
      inBoth(`${name}_in_the_PART`, utf8, inString(junk), notJson),
    ),
    ...inBoth("a_PART_after_a_byte_order_mark", utf8, (member) => bytes("\ufeff", `{${member}}`), notJson),
    ...inBoth("a_PART_in_utf_16", utf8, (member) => Buffer.from(`{${member}}`, "utf16le"), notJson),

    ...Object.entries(OTHER_VALUES).flatMap(([name, text]) =>
      inBoth(`${name}_as_the_PART`, object, () => text, notObject),
    ),
    refuses("an_array_of_claims", object, { by, payload: `[{${EXP}}]` }, notObject("payload")),
    refuses("an_empty_object_as_the_header", "RFC 7515 §4.1.1", { by, header: "{}" }, missingAlg),
    refuses("an_empty_object_as_the_payload", "countersign: no exp", { by, payload: "{}" }, missingExpiry),
    accepts(
      "an_empty_object_as_the_payload_when_expiry_may_be_missing",
      object,
      { by, payload: "{}" },
      {
        options: { allowMissingExpiry: true },
      },
    ),

    ...Object.entries(WRONG_TEXT).flatMap(([name, make]) => inBoth(`${name}_in_the_PART`, syntax, make, notJson)),
    ...Object.entries(WRONG_VALUE).flatMap(([name, value]) =>
      inBoth(`${name}_in_the_PART`, syntax, withValue(value), notJson),
    ),
    ...Object.entries(SURROGATES).flatMap(([name, value]) =>
      inBoth(`${name}_in_the_PART`, surrogates, withValue(value), notJson),
    ),
    ...inBoth("a_number_beyond_a_double_in_the_PART", range, withValue("1e400"), notJson),
    ...inBoth("a_negative_number_beyond_a_double_in_the_PART", range, withValue("-1e400"), notJson),
    ...inBoth("an_integer_of_four_hundred_digits_in_the_PART", range, withValue("9".repeat(400)), notJson),

    ...Object.entries(REPEATED).flatMap(([name, make]) => inBoth(`${name}_in_the_PART`, once, make, repeats)),
    refuses("a_repeated_alg", once, { by, header: '{"alg":"none","alg":"HS256"}' }, repeats("header")),
    refuses("a_repeated_exp", once, { by, payload: `{"exp":1,${EXP}}` }, repeats("payload")),
    refuses(
      "a_repeated_exp_written_with_an_escape",
      once,
      { by, payload: `{${EXP},"\\u0065xp":1}` },
      repeats("payload"),
    ),

    ...inBoth("sixty_five_levels_of_arrays_in_the_PART", depth, withValue(nested(64)), tooDeep),
    ...inBoth("sixty_five_levels_of_objects_in_the_PART", depth, withValue(nestedObjects(64)), tooDeep),
    ...inBoth("five_thousand_levels_in_the_PART", depth, withValue(nested(5000)), tooDeep),

    ...Object.entries(AS_WRITTEN).flatMap(([name, make]) => acceptedInBoth(name, asWritten, make)),
    accepts(
      "a_number_below_the_smallest_double",
      range,
      { by, payload: `{${EXP},"x":1e-400}` },
      {
        claims: { exp: NOW + 900, x: 0 },
      },
    ),
    accepts("a_registered_name_written_with_an_escape", "RFC 8259 §8.3", { by, payload: `{"\\u0065xp":${NOW + 900}}` }),
    refuses(
      "by_an_exp_whose_name_is_written_with_an_escape",
      "RFC 8259 §8.3",
      {
        by,
        payload: `{"\\u0065x\\u0070":${NOW}}`,
      },
      expired,
    ),
    accepts("an_alg_whose_name_is_written_with_an_escape", "RFC 8259 §8.3", { by, header: '{"\\u0061lg":"HS256"}' }),
    accepts("an_alg_whose_value_is_written_with_an_escape", "RFC 8259 §8.3", { by, header: '{"alg":"\\u0048S256"}' }),
  ],
};
