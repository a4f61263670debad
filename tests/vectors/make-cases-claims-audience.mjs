// The claim aud, and the options audience and ignoreAudience.

import { accepts, claimsWith, keyTable, refuses } from "./make-compact.mjs";
import { audType, missing, unexpectedAudience, wrongAudience } from "./make-errors.mjs";
import { hs256 } from "./make-material.mjs";

const by = hs256;
const saying = (changes) => ({ by, payload: claimsWith(changes) });
const wants = (options) => ({ options });

const audience = wants({ audience: "api" });
const audiences = wants({ audience: ["api", "admin"] });
const ignoring = wants({ ignoreAudience: true });

const audRule = "RFC 7519 §4.1.3, RFC 8725 §3.9";
const whole = "CVE-2024-53861: compared whole, never as substrings";
const demanded = "CVE-2026-25537: a demanded claim that is absent";

const NOT_AUDIENCES = {
  null: null,
  a_number: 5,
  true: true,
  an_object: { api: true },
  an_array_with_a_number: ["api", 5],
  an_array_with_null: [null, "api"],
  an_array_in_an_array: [["api"]],
};

export default {
  description: "aud, and the options audience and ignoreAudience.",
  keys: keyTable(hs256),
  cases: [
    ...Object.entries(NOT_AUDIENCES).flatMap(([kind, value]) => [
      refuses(`${kind}_as_the_aud`, audRule, saying({ aud: value }), audType),
      refuses(`${kind}_as_the_aud_when_one_is_expected`, audRule, saying({ aud: value }), audType, audience),
      refuses(`${kind}_as_the_aud_when_it_is_ignored`, audRule, saying({ aud: value }), audType, ignoring),
    ]),
    accepts("a_token_without_aud_when_none_is_expected", audRule, saying({})),
    refuses("an_aud_when_none_is_expected", audRule, saying({ aud: "api" }), unexpectedAudience),
    refuses("an_array_of_aud_when_none_is_expected", audRule, saying({ aud: ["api"] }), unexpectedAudience),
    refuses("an_empty_array_of_aud_when_none_is_expected", audRule, saying({ aud: [] }), unexpectedAudience),
    refuses("an_empty_aud_when_none_is_expected", audRule, saying({ aud: "" }), unexpectedAudience),
    refuses(
      "an_aud_when_ignoring_it_is_turned_off",
      audRule,
      saying({ aud: "api" }),
      unexpectedAudience,
      wants({ ignoreAudience: false }),
    ),
    accepts("an_aud_when_it_is_ignored", audRule, saying({ aud: "anything" }), ignoring),
    accepts("an_array_of_aud_when_it_is_ignored", audRule, saying({ aud: ["a", "b"] }), ignoring),
    accepts("a_token_without_aud_when_it_is_ignored", audRule, saying({}), ignoring),
    accepts("the_expected_audience", audRule, saying({ aud: "api" }), audience),
    accepts("an_array_of_the_expected_audience", audRule, saying({ aud: ["api"] }), audience),
    accepts("an_array_with_the_expected_audience_last", audRule, saying({ aud: ["x", "y", "api"] }), audience),
    accepts("an_array_that_repeats_the_expected_audience", audRule, saying({ aud: ["api", "api"] }), audience),
    accepts("one_of_the_expected_audiences", audRule, saying({ aud: "admin" }), audiences),
    accepts("an_array_with_one_of_the_expected_audiences", audRule, saying({ aud: ["x", "admin"] }), audiences),
    refuses("a_token_without_the_expected_audience", demanded, saying({}), missing("aud"), audience),
    refuses("another_audience", audRule, saying({ aud: "web" }), wrongAudience, audience),
    refuses("an_array_of_other_audiences", audRule, saying({ aud: ["web", "mail"] }), wrongAudience, audiences),
    refuses("an_empty_array_when_an_audience_is_expected", audRule, saying({ aud: [] }), wrongAudience, audience),
    refuses("an_empty_audience", audRule, saying({ aud: "" }), wrongAudience, audience),
    refuses("an_audience_that_starts_as_expected", whole, saying({ aud: "api2" }), wrongAudience, audience),
    refuses("a_part_of_the_expected_audience", whole, saying({ aud: "ap" }), wrongAudience, audience),
    refuses(
      "an_array_with_a_part_of_the_expected_audience",
      whole,
      saying({ aud: ["a", "p", "i"] }),
      wrongAudience,
      audience,
    ),
    refuses("a_part_of_a_listed_audience", whole, saying({ aud: "adm" }), wrongAudience, audiences),
    refuses(
      "an_audience_that_starts_as_a_listed_one",
      whole,
      saying({ aud: ["administrator"] }),
      wrongAudience,
      audiences,
    ),
    refuses("the_audiences_joined_in_one_string", whole, saying({ aud: "api admin" }), wrongAudience, audiences),
    refuses(
      "an_audience_in_other_case",
      "RFC 7519 §4.1.3: case-sensitive",
      saying({ aud: "API" }),
      wrongAudience,
      audience,
    ),
  ],
};
