// Claims that came without a token, judged by the rules of a verifier.

import { answers, fails, NOW } from "./make-compact.mjs";
import {
  expired,
  fromFuture,
  missing,
  missingExpiry,
  needsNumericSubject,
  notNumber,
  notYetBySeconds,
  optionInvalid,
  tooOld,
  unexpectedAudience,
  unknownOption,
  wrongAudience,
  wrongIssuer,
  wrongSubject,
} from "./make-errors.mjs";

const rules = "countersign: the rules of verify";
const CLAIMS = { exp: NOW + 900, iat: NOW, iss: "https://login.example", sub: "alice" };

const judges = (name, claims, options, now = NOW) =>
  answers("judge", `judges_${name}`, rules, { claims, options, now }, null);
const refuses = (name, claims, error, options, now = NOW) =>
  fails("judge", `refuses_to_judge_${name}`, rules, { claims, options, now }, error);
const claims = (changes) => JSON.parse(JSON.stringify({ ...CLAIMS, ...changes }));

export default {
  description: "judgeClaims: the rules for claims, without a token.",
  cases: [
    judges("claims_without_options", CLAIMS),
    judges("claims_with_all_that_is_expected", claims({ aud: ["api", "web"], jti: "1" }), {
      audience: "api",
      issuer: ["https://login.example"],
      maxAge: "1h",
      maxTokenLength: 1,
      requiredClaims: ["jti"],
      subject: "alice",
    }),
    judges("claims_without_an_end_when_allowed", {}, { allowMissingExpiry: true }),
    judges("a_number_as_subject_when_allowed", claims({ sub: 7 }), { allowNumericSubject: true }),
    judges("the_claims_of_a_profile", claims({ aud: "api", client_id: "app", jti: "1" }), {
      profile: "at+jwt",
      issuer: "https://login.example",
      audience: "api",
    }),
    refuses("claims_that_have_ended", CLAIMS, expired, undefined, NOW + 900),
    refuses("claims_without_an_end", {}, missingExpiry),
    refuses("claims_that_begin_in_a_second", claims({ nbf: NOW + 1 }), notYetBySeconds),
    refuses("claims_of_tomorrow", claims({ iat: NOW + 86400, exp: NOW + 90000 }), fromFuture),
    refuses("claims_that_are_too_old", CLAIMS, tooOld, { maxAge: 10 }, NOW + 11),
    refuses("claims_of_another_issuer", CLAIMS, wrongIssuer, { issuer: "https://other.example" }),
    refuses("claims_for_another_audience", claims({ aud: "web" }), wrongAudience, { audience: "api" }),
    refuses("claims_for_an_audience_when_none_is_expected", claims({ aud: "api" }), unexpectedAudience),
    refuses("claims_about_another_subject", CLAIMS, wrongSubject, { subject: "bob" }),
    refuses("a_number_as_subject", claims({ sub: 7 }), needsNumericSubject),
    refuses("an_end_that_is_text", claims({ exp: "1" }), notNumber("exp")),
    refuses("claims_without_what_the_profile_requires", CLAIMS, missing("aud"), {
      profile: "at+jwt",
      issuer: "https://login.example",
      audience: "api",
    }),
    refuses("the_typ_of_a_header", CLAIMS, optionInvalid('option "typ" is for a header, and claims have none'), {
      typ: "JWT",
    }),
    refuses("by_an_unknown_option", CLAIMS, unknownOption("audiance"), { audiance: "api" }),
  ],
};
