// Compact JWS that are unencoded (RFC 7797) or have critical extensions, which no token has.

import { accepts, CLAIMS, keyTable, refuses as refusesToken } from "./make-compact.mjs";
import {
  b64NotBoolean,
  b64NotCritical,
  badSignature,
  critAbsent,
  critForm,
  critRegistered,
  critUnknown,
  jwsThreeSegments,
  notPrintable,
  optionInvalid,
  wrongOption,
} from "./make-errors.mjs";
import { compact, said } from "./make-jws.mjs";
import {
  alg,
  bad,
  by,
  critRule,
  gives,
  good,
  PRINTABLE,
  plain,
  refuses,
  rule,
  TEXT,
  UNPRINTABLE,
  unencoded,
} from "./make-jws-compact.mjs";
import { bytesOf, hs256 } from "./make-material.mjs";

const NOT_BOOLEANS = { null: null, a_text: "false", zero: 0, an_array: [false] };
/** The same text as a JWS, which it is, and as a token, which it is not. */
const both = (name, source, parts, error, options) => [
  good(`that_is_no_token_for_${name}`, source, { by, payload: JSON.stringify(CLAIMS), ...parts }, { options }),
  refusesToken(`as_a_token_a_jws_for_${name}`, source, { by, raw: compact({ by, payload: CLAIMS, ...parts }) }, error),
];

export default {
  description: "Compact JWS, unencoded (RFC 7797) and with critical extensions; and the same as tokens.",
  keys: {
    ...keyTable(hs256),
  },
  cases: [
    good("with_b64_true", "RFC 7797 §3", plain({ header: { alg, b64: true } })),
    good("with_b64_true_that_is_critical", "RFC 7797 §6", plain({ header: { alg, b64: true, crit: ["b64"] } })),
    good("that_is_unencoded", "RFC 7797 §5.2", plain({ header: unencoded, b64: false })),
    good("that_is_unencoded_and_empty", "RFC 7797 §5.2", plain({ header: unencoded, b64: false, payload: "" })),
    good(
      "that_is_unencoded_with_every_character_it_may_have",
      "RFC 7797 §5.2",
      plain({ header: unencoded, b64: false, payload: PRINTABLE }),
    ),
    ...Object.entries(UNPRINTABLE).map(([what, payload]) =>
      bad(
        `that_is_unencoded_with_${what}`,
        "RFC 7797 §5.2",
        plain({ header: unencoded, b64: false, payload }),
        notPrintable,
      ),
    ),
    bad(
      "that_is_unencoded_with_a_dot",
      "RFC 7797 §5.2",
      plain({ header: unencoded, b64: false, payload: "$.02" }),
      jwsThreeSegments,
    ),
    good(
      "that_is_unencoded_and_detached_with_any_bytes",
      "RFC 7797 §5.1",
      plain({ header: unencoded, b64: false, detached: true, payload: bytesOf("payload", 70) }),
      { detached: said(bytesOf("payload", 70)) },
    ),
    gives(
      "gives_the_payload_of_a_jws_that_says_unencoded_as_it_stands",
      "RFC 7797 §3: base64url is text like any other",
      { jws: compact(plain({ header: unencoded })), keys: by.name },
      { header: unencoded, payload: said(said(TEXT)) },
    ),
    bad("that_says_encoded_and_is_not", "RFC 7797 §3", plain({ b64: false, payload: "Zg", body: "Wmc" }), badSignature),
    bad("with_b64_false_and_no_crit", rule, plain({ header: { alg, b64: false }, b64: false }), b64NotCritical),
    bad(
      "with_b64_false_and_another_crit",
      rule,
      plain({ header: { alg, b64: false, crit: ["x"], x: 1 }, b64: false }),
      b64NotCritical,
      { options: { crit: ["x"] } },
    ),
    ...Object.entries(NOT_BOOLEANS).map(([what, value]) =>
      bad(
        `whose_b64_is_${what}`,
        "RFC 7797 §3: b64 is a boolean",
        plain({ header: { alg, b64: value, crit: ["b64"] } }),
        b64NotBoolean,
      ),
    ),
    bad("whose_crit_names_b64_that_is_absent", critRule, plain({ header: { alg, crit: ["b64"] } }), critAbsent),

    bad(
      "with_an_extension_that_nobody_understands",
      critRule,
      plain({ header: { alg, crit: ["x"], x: 1 } }),
      critUnknown,
    ),
    good("with_an_extension_that_the_caller_understands", critRule, plain({ header: { alg, crit: ["x"], x: 1 } }), {
      options: { crit: ["x"] },
    }),
    bad(
      "with_two_extensions_of_which_the_caller_understands_one",
      critRule,
      plain({ header: { alg, crit: ["x", "y"], x: 1, y: 1 } }),
      critUnknown,
      { options: { crit: ["x"] } },
    ),
    good(
      "with_an_extension_beside_b64",
      critRule,
      plain({ header: { alg, crit: ["x", "b64"], x: 1, b64: false }, b64: false }),
      { options: { crit: ["x"] } },
    ),
    good("without_the_extension_that_the_caller_understands", critRule, plain(), { options: { crit: ["x", "b64"] } }),
    bad("whose_crit_is_empty", critRule, plain({ header: { alg, crit: [] } }), critForm),
    bad("whose_crit_repeats_a_name", critRule, plain({ header: { alg, b64: true, crit: ["b64", "b64"] } }), critForm),
    bad(
      "whose_crit_names_an_absent_extension_that_the_caller_understands",
      critRule,
      plain({ header: { alg, crit: ["x"] } }),
      critAbsent,
      { options: { crit: ["x"] } },
    ),
    bad("whose_crit_names_alg", critRule, plain({ header: { alg, crit: ["alg"] } }), critRegistered),
    bad(
      "under_an_understanding_of_alg",
      critRule,
      plain(),
      optionInvalid('option "crit" names a registered parameter'),
      { options: { crit: ["alg"] } },
    ),
    bad("under_an_understanding_that_is_a_text", critRule, plain(), wrongOption("crit", "an array of strings"), {
      options: { crit: "x" },
    }),
    refuses(
      "refuses_the_crit_of_rfc_7515_e_as_a_jws",
      "RFC 7515 appendix E",
      {
        jws:
          "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNv" +
          "bS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.",
        keys: by.name,
      },
      critUnknown,
    ),

    // The token functions accept none of these extensions: each case is a valid JWS and not a token.
    ...both("its_critical_b64", "RFC 7797 §7", { header: { alg, b64: true, crit: ["b64"] } }, critUnknown),
    ...both(
      "its_b64",
      "RFC 7797 §7",
      { header: { alg, b64: true } },
      {
        code: "TOKEN_HEADER_INVALID",
        message: '"b64" header is not supported',
      },
    ),
    ...both("its_unencoded_claims", "RFC 7797 §7", { header: unencoded, b64: false }, critUnknown),
    ...both("its_extension", critRule, { header: { alg, crit: ["x"], x: 1 } }, critUnknown, { crit: ["x"] }),
    accepts("as_a_token_the_same_without_any_of_it", "RFC 7519 §7.2", { by, header: { alg } }),
  ],
};
