// The claims about time: exp, nbf, iat, and the options that judge them, with their boundaries on both sides.

import { accepts, CLAIMS, claimsText, claimsWith, keyTable, NOW, refuses } from "./make-compact.mjs";
import {
  expired,
  fromFuture,
  fromFutureBySeconds,
  missing,
  missingExpiry,
  notJson,
  notNumber,
  notYet,
  notYetBySeconds,
  tooOld,
} from "./make-errors.mjs";
import { hs256 } from "./make-material.mjs";
import { Raw } from "./make-write.mjs";

const by = hs256;
/** The distance between two doubles of the size of `NOW`. */
const ULP = 2 ** -22;

const at = (changes) => ({ by, payload: claimsWith(changes) });
/** Claims, one of which has a value that JavaScript would write differently. */
const written = (claim, text) => ({ by, payload: claimsText(claim, text) });
const asWritten = (claim, text) => ({ claims: new Raw(claimsText(claim, text)) });

const expRule = "RFC 7519 §4.1.4: on or after exp";
const nbfRule = "RFC 7519 §4.1.5";
const iatRule = "RFC 7519 §4.1.6; countersign: at most 60 s ahead";
const ageRule = "countersign: maxAge counts from iat";
const numeric = "RFC 7519 §2: NumericDate is a JSON number; CVE-2026-44459, CVE-2026-25537";
const skew = "RFC 7519 §4.1.4: a leeway for clock skew";
const honored = "CVE-2026-44459: 0 is a number like any other";

const NOT_NUMBERS = {
  null: "null",
  a_string: '"1800000900"',
  an_empty_string: '""',
  true: "true",
  false: "false",
  an_array: "[1800000900]",
  an_empty_array: "[]",
  an_object: "{}",
};

const types = ["exp", "nbf", "iat"].flatMap((claim) => [
  ...Object.entries(NOT_NUMBERS).map(([kind, text]) =>
    refuses(`${kind}_as_the_${claim}`, numeric, written(claim, text), notNumber(claim)),
  ),
  refuses(`an_${claim}_beyond_a_double`, numeric, written(claim, "1e400"), notJson("payload")),
]);

const optionally = { options: { allowMissingExpiry: true } };
const tolerance = (clockTolerance, more) => ({ options: { clockTolerance, ...more } });

export default {
  description: "exp, nbf and iat, and the options clockTolerance, maxAge and allowMissingExpiry.",
  keys: keyTable(hs256),
  cases: [
    ...types,

    accepts("an_exp_one_second_ahead", expRule, at({ exp: NOW + 1 })),
    accepts("an_exp_one_step_after_now", expRule, at({ exp: NOW + ULP })),
    refuses("an_exp_of_now", expRule, at({ exp: NOW }), expired),
    refuses("an_exp_one_step_before_now", expRule, at({ exp: NOW - ULP }), expired),
    refuses("an_exp_one_second_ago", expRule, at({ exp: NOW - 1 }), expired),
    refuses("an_exp_of_zero", honored, at({ exp: 0 }), expired),
    refuses("an_exp_of_minus_zero", honored, written("exp", "-0"), expired),
    refuses("a_negative_exp", honored, at({ exp: -1 }), expired),
    refuses("an_exp_of_the_least_double", honored, written("exp", "-1.7976931348623157e308"), expired),
    refuses("an_exp_in_thousandths_that_has_passed", expRule, at({ exp: NOW - 0.001 }), expired),
    accepts("an_exp_in_thousandths_that_has_not_come", expRule, at({ exp: NOW + 0.001 })),
    accepts("an_exp_with_an_exponent", numeric, written("exp", "18.000009e8"), asWritten("exp", "18.000009e8")),
    accepts("an_exp_of_the_largest_double", numeric, written("exp", "1.7976931348623157e308"), {
      claims: claimsWith({ exp: Number.MAX_VALUE }),
    }),
    accepts("an_exp_above_2_to_the_64", numeric, written("exp", "36893488147419103232"), {
      claims: claimsWith({ exp: 2 ** 65 }),
    }),
    refuses("an_exp_of_the_second_when_now_is_within_it", expRule, at({ exp: NOW }), expired, { now: NOW + 0.5 }),
    refuses("an_exp_of_half_a_second_at_that_half", expRule, at({ exp: NOW + 0.5 }), expired, { now: NOW + 0.5 }),
    accepts("an_exp_of_half_a_second_a_millisecond_before", expRule, at({ exp: NOW + 0.5 }), { now: NOW + 0.499 }),
    accepts("an_exp_of_the_next_second_when_now_is_within_this", expRule, at({ exp: NOW + 1 }), { now: NOW + 0.999 }),
    refuses("a_token_without_exp", "countersign: exp is demanded", at({ exp: undefined }), missingExpiry),
    accepts("a_token_without_exp_when_it_may_be_missing", "RFC 7519 §4.1.4", at({ exp: undefined }), optionally),
    refuses("a_passed_exp_when_it_may_be_missing", expRule, at({ exp: NOW }), expired, optionally),
    refuses("an_exp_of_zero_when_it_may_be_missing", honored, at({ exp: 0 }), expired, optionally),
    refuses("an_exp_of_null_when_it_may_be_missing", numeric, at({ exp: null }), notNumber("exp"), optionally),
    refuses(
      "a_token_without_exp_when_it_may_not_be_missing",
      "countersign: exp",
      at({ exp: undefined }),
      missingExpiry,
      {
        options: { allowMissingExpiry: false },
      },
    ),
    refuses(
      "exp_in_capitals_as_exp",
      "RFC 7519 §4: names are case-sensitive",
      at({ exp: undefined, EXP: NOW + 9 }),
      missingExpiry,
    ),
    refuses(
      "an_exp_inside_another_claim_as_exp",
      "RFC 7519 §4.1.4",
      at({ exp: undefined, x: { exp: NOW + 9 } }),
      missingExpiry,
    ),

    refuses("an_exp_as_old_as_the_tolerance", skew, at({ exp: NOW - 10 }), expired, tolerance(10)),
    accepts("an_exp_one_step_inside_the_tolerance", skew, at({ exp: NOW - 10 + ULP }), tolerance(10)),
    accepts("an_exp_inside_the_tolerance", skew, at({ exp: NOW - 9 }), tolerance(10)),
    refuses("an_exp_outside_the_tolerance", skew, at({ exp: NOW - 11 }), expired, tolerance(10)),
    accepts("an_exp_inside_a_tolerance_of_text", skew, at({ exp: NOW - 9 }), tolerance("10s")),
    refuses("an_exp_as_old_as_a_tolerance_of_text", skew, at({ exp: NOW - 10 }), expired, tolerance("10s")),
    accepts("an_exp_inside_a_fraction_of_tolerance", skew, at({ exp: NOW - 0.25 }), tolerance(0.5)),
    refuses("an_exp_as_old_as_a_fraction_of_tolerance", skew, at({ exp: NOW - 0.5 }), expired, tolerance(0.5)),
    refuses("an_exp_of_now_with_a_tolerance_of_zero", skew, at({ exp: NOW }), expired, tolerance(0)),
    refuses(
      "an_exp_of_now_with_no_tolerance_by_default",
      "RFC 7519 §4.1.4: none but the caller's",
      at({ exp: NOW - 59 }),
      expired,
    ),
    refuses("an_exp_of_zero_inside_a_tolerance_of_a_day", honored, at({ exp: 0 }), expired, tolerance("1d")),
    accepts("an_exp_of_zero_inside_a_tolerance_longer_than_the_epoch", skew, at({ exp: 0 }), tolerance(`${NOW + 1}s`)),
    accepts("an_exp_after_a_now_before_the_epoch", honored, { by, payload: { exp: 0 } }, { now: -1 }),
    refuses("an_exp_of_zero_at_the_epoch", honored, { by, payload: { exp: 0 } }, expired, { now: 0 }),
    accepts("an_exp_of_one_at_the_epoch", honored, { by, payload: { exp: 1 } }, { now: 0 }),

    accepts("a_token_without_nbf", nbfRule, at({ nbf: undefined })),
    accepts("an_nbf_of_now", nbfRule, at({ nbf: NOW })),
    refuses("an_nbf_one_step_after_now", nbfRule, at({ nbf: NOW + ULP }), notYetBySeconds),
    refuses("an_nbf_one_second_ahead", nbfRule, at({ nbf: NOW + 1 }), notYetBySeconds),
    refuses("an_nbf_a_minute_ahead", nbfRule, at({ nbf: NOW + 60 }), notYetBySeconds),
    refuses("an_nbf_more_than_a_minute_ahead", nbfRule, at({ nbf: NOW + 61 }), notYet),
    accepts("an_nbf_of_zero", honored, at({ nbf: 0 })),
    accepts("a_negative_nbf", honored, at({ nbf: -1 })),
    refuses("an_nbf_of_the_largest_double", nbfRule, at({ nbf: Number.MAX_VALUE }), notYet),
    accepts("an_nbf_as_far_ahead_as_the_tolerance", skew, at({ nbf: NOW + 10 }), tolerance(10)),
    refuses("an_nbf_a_minute_beyond_the_tolerance", skew, at({ nbf: NOW + 70 }), notYetBySeconds, tolerance(10)),
    refuses("an_nbf_one_step_beyond_the_tolerance", skew, at({ nbf: NOW + 10 + ULP }), notYetBySeconds, tolerance(10)),
    refuses("an_nbf_in_the_second_before_it", nbfRule, at({ nbf: NOW + 1 }), notYetBySeconds, { now: NOW + 0.999 }),
    accepts("an_nbf_in_the_second_after_it", nbfRule, at({ nbf: NOW }), { now: NOW + 0.001 }),

    accepts("a_token_without_iat", iatRule, at({ iat: undefined })),
    accepts("an_iat_60_seconds_ahead", iatRule, at({ iat: NOW + 60 })),
    refuses("an_iat_one_step_more_than_60_seconds_ahead", iatRule, at({ iat: NOW + 60 + ULP }), fromFutureBySeconds),
    refuses("an_iat_60_001_seconds_ahead", iatRule, at({ iat: NOW + 60.001 }), fromFutureBySeconds),
    refuses("an_iat_61_seconds_ahead", iatRule, at({ iat: NOW + 61 }), fromFutureBySeconds),
    refuses("an_iat_two_minutes_ahead", iatRule, at({ iat: NOW + 120 }), fromFutureBySeconds),
    refuses("an_iat_121_seconds_ahead", iatRule, at({ iat: NOW + 121 }), fromFuture),
    refuses("an_iat_in_milliseconds", iatRule, at({ iat: NOW * 1000 }), fromFuture),
    accepts("an_iat_of_zero", honored, at({ iat: 0 })),
    accepts("a_negative_iat", honored, at({ iat: -1.5 })),
    accepts("an_iat_60_seconds_ahead_with_a_smaller_tolerance", iatRule, at({ iat: NOW + 60 }), tolerance(30)),
    refuses(
      "an_iat_beyond_60_seconds_with_a_smaller_tolerance",
      iatRule,
      at({ iat: NOW + 61 }),
      fromFutureBySeconds,
      tolerance(30),
    ),
    accepts("an_iat_as_far_ahead_as_a_larger_tolerance", skew, at({ iat: NOW + 120 }), tolerance(120)),
    refuses("an_iat_beyond_a_larger_tolerance", skew, at({ iat: NOW + 120.001 }), fromFutureBySeconds, tolerance(120)),
    accepts("an_iat_after_exp", "RFC 7519 sets no order between them", at({ iat: NOW + 60, exp: NOW + 1 })),

    accepts("an_iat_as_old_as_the_maximum_age", ageRule, at({ iat: NOW - 600 }), { options: { maxAge: 600 } }),
    refuses("an_iat_one_step_older_than_the_maximum_age", ageRule, at({ iat: NOW - 600 - ULP }), tooOld, {
      options: { maxAge: 600 },
    }),
    refuses("an_iat_older_than_the_maximum_age", ageRule, at({ iat: NOW - 601 }), tooOld, { options: { maxAge: 600 } }),
    refuses("an_iat_older_than_a_maximum_age_of_text", ageRule, at({ iat: NOW - 601 }), tooOld, {
      options: { maxAge: "10m" },
    }),
    accepts("an_iat_within_a_maximum_age_of_text", ageRule, at({ iat: NOW - 599 }), { options: { maxAge: "10m" } }),
    refuses("an_iat_of_zero_with_a_maximum_age", honored, at({ iat: 0 }), tooOld, { options: { maxAge: "52w" } }),
    refuses("a_token_without_iat_when_a_maximum_age_is_set", ageRule, at({ iat: undefined }), missing("iat"), {
      options: { maxAge: 600 },
    }),
    accepts("an_iat_of_now_with_a_maximum_age_of_zero", ageRule, at({ iat: NOW }), { options: { maxAge: 0 } }),
    refuses("an_iat_a_second_ago_with_a_maximum_age_of_zero", ageRule, at({ iat: NOW - 1 }), tooOld, {
      options: { maxAge: 0 },
    }),
    accepts("an_iat_ahead_with_a_maximum_age", ageRule, at({ iat: NOW + 60 }), { options: { maxAge: 600 } }),
    refuses("an_iat_far_ahead_with_a_maximum_age", ageRule, at({ iat: NOW + 61 }), fromFutureBySeconds, {
      options: { maxAge: 600 },
    }),
    accepts(
      "an_iat_as_old_as_the_maximum_age_and_the_tolerance",
      skew,
      at({ iat: NOW - 630 }),
      tolerance(30, { maxAge: 600 }),
    ),
    refuses(
      "an_iat_older_than_the_maximum_age_and_the_tolerance",
      skew,
      at({ iat: NOW - 630.001 }),
      tooOld,
      tolerance(30, {
        maxAge: 600,
      }),
    ),
    refuses("an_old_iat_though_exp_is_far", ageRule, at({ iat: NOW - 3600, exp: NOW + 3600 }), tooOld, {
      options: { maxAge: "1h", clockTolerance: 0 },
      now: NOW + 0.001,
    }),
    refuses("an_expired_token_inside_its_maximum_age", ageRule, at({ iat: NOW - 10, exp: NOW - 1 }), expired, {
      options: { maxAge: 600 },
    }),
    accepts("all_three_claims_at_once", "RFC 7519 §4.1", {
      by,
      payload: { ...CLAIMS, nbf: NOW, iat: NOW, exp: NOW + 1 },
    }),
  ],
};
