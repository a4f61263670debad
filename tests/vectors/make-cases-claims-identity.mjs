// The claims about who: iss, sub, jti, and the claims a caller demands by name. aud is in make-cases-claims-audience.mjs.

import { accepts, claimsText, claimsWith, keyTable, NOW, refuses } from "./make-compact.mjs";
import { missing, needsNumericSubject, notString, notWholeNumber, wrongIssuer, wrongSubject } from "./make-errors.mjs";
import { hs256 } from "./make-material.mjs";
import { Raw } from "./make-write.mjs";

const by = hs256;
const saying = (changes) => ({ by, payload: claimsWith(changes) });
const wants = (options) => ({ options });

const ISSUER = "https://login.example";
const OTHER = "https://other.example";
const issuer = wants({ issuer: ISSUER });
const issuers = wants({ issuer: [OTHER, ISSUER] });

const issRule = "RFC 7519 §4.1.1, RFC 8725 §3.8";
const subRule = "RFC 7519 §4.1.2";
const jtiRule = "RFC 7519 §4.1.7: jti is a string";
const whole = "CVE-2024-53861: compared whole, never as substrings";
const arrays = "CVE-2025-30144: an array that holds the trusted issuer";
const demanded = "CVE-2026-25537: a demanded claim that is absent";
const proto = "countersign: names that objects inherit are not claims";

const NOT_STRINGS = {
  null: null,
  a_number: 5,
  zero: 0,
  true: true,
  an_array: ["x"],
  an_empty_array: [],
  an_object: {},
};
const strings = (claim, rule) =>
  Object.entries(NOT_STRINGS).map(([kind, value]) =>
    refuses(
      `${kind}_as_the_${claim}`,
      rule,
      saying({ [claim]: value }),
      claim === "sub" && typeof value === "number" ? needsNumericSubject : notString(claim),
    ),
  );

const migrating = "RFC 7519 §4.1.2: sub is a string; some issuers write their user's number";
const numeric = { options: { allowNumericSubject: true } };

const INHERITED = ["toString", "constructor", "hasOwnProperty", "__proto__", "valueOf"];

export default {
  description: "iss, sub and jti, and the options issuer, subject and requiredClaims.",
  keys: keyTable(hs256),
  cases: [
    ...[7, 0, -1, 9007199254740991].map((sub) =>
      accepts(
        `the_number_${String(sub).replace("-", "minus_")}_as_sub_when_allowed`,
        migrating,
        saying({ sub }),
        numeric,
      ),
    ),
    accepts("a_string_as_sub_when_numbers_are_allowed", migrating, saying({ sub: "7" }), numeric),
    ...Object.entries({
      a_fraction: 7.5,
      a_number_that_is_rounded: 9007199254740992,
    }).flatMap(([kind, sub]) => [
      refuses(`${kind}_as_sub_when_numbers_are_allowed`, migrating, saying({ sub }), notWholeNumber, numeric),
      refuses(`${kind}_as_sub_without_the_option`, migrating, saying({ sub }), notString("sub")),
    ]),
    ...Object.entries({ true: true, null: null, an_array: [7] }).map(([kind, sub]) =>
      refuses(`${kind}_as_sub_when_numbers_are_allowed`, migrating, saying({ sub }), notString("sub"), numeric),
    ),
    ...["iss", "jti"].map((claim) =>
      refuses(`a_number_as_${claim}_when_sub_may_be_one`, migrating, saying({ [claim]: 7 }), notString(claim), numeric),
    ),
    refuses(
      "a_number_that_is_written_as_the_expected_subject",
      `${migrating}; a number equals no text`,
      saying({ sub: 7 }),
      wrongSubject,
      { options: { allowNumericSubject: true, subject: "7" } },
    ),
    accepts("a_demanded_sub_that_is_a_number_when_allowed", migrating, saying({ sub: 7 }), {
      options: { allowNumericSubject: true, requiredClaims: ["sub"] },
    }),
    refuses("a_number_as_sub_when_that_is_not_allowed", migrating, saying({ sub: 7 }), needsNumericSubject, {
      options: { allowNumericSubject: false },
    }),
    accepts("any_issuer_when_none_is_expected", issRule, saying({ iss: "anyone" })),
    accepts("an_empty_issuer_when_none_is_expected", issRule, saying({ iss: "" })),
    ...strings("iss", "RFC 7519 §4.1.1: iss is a string"),
    accepts("the_expected_issuer", issRule, saying({ iss: ISSUER }), issuer),
    accepts("one_of_the_expected_issuers", issRule, saying({ iss: ISSUER }), issuers),
    refuses("a_token_without_the_expected_issuer", demanded, saying({}), missing("iss"), issuer),
    refuses("a_token_without_one_of_the_expected_issuers", demanded, saying({}), missing("iss"), issuers),
    refuses("another_issuer", issRule, saying({ iss: OTHER }), wrongIssuer, issuer),
    refuses(
      "an_issuer_that_is_not_on_the_list",
      issRule,
      saying({ iss: "https://third.example" }),
      wrongIssuer,
      issuers,
    ),
    refuses(
      "an_issuer_that_starts_as_expected",
      whole,
      saying({ iss: `${ISSUER}.attacker.example` }),
      wrongIssuer,
      issuer,
    ),
    refuses("an_issuer_that_ends_as_expected", whole, saying({ iss: `x${ISSUER}` }), wrongIssuer, issuer),
    refuses("a_part_of_the_expected_issuer", whole, saying({ iss: "login" }), wrongIssuer, issuer),
    refuses("one_letter_of_the_expected_issuer", whole, saying({ iss: "a" }), wrongIssuer, wants({ issuer: "aa" })),
    refuses("an_issuer_with_a_slash_after_it", whole, saying({ iss: `${ISSUER}/` }), wrongIssuer, issuer),
    refuses("an_issuer_with_a_space_after_it", whole, saying({ iss: `${ISSUER} ` }), wrongIssuer, issuer),
    refuses("an_issuer_with_a_nul_after_it", whole, saying({ iss: `${ISSUER}\0` }), wrongIssuer, issuer),
    refuses(
      "an_issuer_in_other_case",
      "RFC 7519 §2: StringOrURI is case-sensitive",
      saying({ iss: "HTTPS://LOGIN.EXAMPLE" }),
      wrongIssuer,
      issuer,
    ),
    refuses(
      "an_issuer_in_other_normal_form",
      "RFC 7519 §7.3: no normalization",
      saying({ iss: "caf\u00e9" }),
      wrongIssuer,
      wants({ issuer: "cafe\u0301" }),
    ),
    refuses("an_empty_issuer", issRule, saying({ iss: "" }), wrongIssuer, issuer),
    refuses("a_part_of_a_listed_issuer", whole, saying({ iss: "login" }), wrongIssuer, issuers),
    refuses(
      "an_issuer_that_starts_as_a_listed_one",
      whole,
      saying({ iss: `${ISSUER}.attacker` }),
      wrongIssuer,
      issuers,
    ),
    refuses("the_names_of_the_list_joined", whole, saying({ iss: `${OTHER},${ISSUER}` }), wrongIssuer, issuers),
    refuses("an_array_of_the_expected_issuer", arrays, saying({ iss: [ISSUER] }), notString("iss"), issuer),
    refuses(
      "an_array_of_a_wrong_and_the_expected_issuer",
      arrays,
      saying({ iss: [OTHER, ISSUER] }),
      notString("iss"),
      issuers,
    ),
    accepts(
      "an_issuer_written_with_escapes",
      "RFC 8259 §8.3",
      { by, payload: `{"exp":${NOW + 9},"\\u0069ss":"\\u0061"}` },
      wants({ issuer: "a" }),
    ),

    accepts("any_subject_when_none_is_expected", subRule, saying({ sub: "bob" })),
    accepts("a_token_without_a_subject_when_none_is_expected", subRule, saying({ sub: undefined })),
    ...strings("sub", "RFC 7519 §4.1.2: sub is a string"),
    accepts("the_expected_subject", subRule, saying({}), wants({ subject: "alice" })),
    refuses("another_subject", subRule, saying({ sub: "bob" }), wrongSubject, wants({ subject: "alice" })),
    refuses(
      "a_subject_that_starts_as_expected",
      whole,
      saying({ sub: "alice2" }),
      wrongSubject,
      wants({ subject: "alice" }),
    ),
    refuses("a_part_of_the_expected_subject", whole, saying({ sub: "ali" }), wrongSubject, wants({ subject: "alice" })),
    refuses(
      "a_subject_in_other_case",
      "RFC 7519 §2",
      saying({ sub: "Alice" }),
      wrongSubject,
      wants({ subject: "alice" }),
    ),
    refuses("an_empty_subject", subRule, saying({ sub: "" }), wrongSubject, wants({ subject: "alice" })),
    refuses(
      "a_token_without_the_expected_subject",
      demanded,
      saying({ sub: undefined }),
      missing("sub"),
      wants({ subject: "alice" }),
    ),
    refuses(
      "an_array_of_the_expected_subject",
      arrays,
      saying({ sub: ["alice"] }),
      notString("sub"),
      wants({ subject: "alice" }),
    ),

    accepts("a_jti", jtiRule, saying({ jti: "3f2a" })),
    accepts("an_empty_jti", jtiRule, saying({ jti: "" })),
    ...strings("jti", jtiRule),

    accepts("a_demanded_claim", demanded, saying({ scope: "read" }), wants({ requiredClaims: ["scope"] })),
    ...Object.entries({ null: null, false: false, zero: 0, an_empty_string: "" }).map(([kind, value]) =>
      accepts(
        `a_demanded_claim_that_is_${kind}`,
        "countersign: demanded means present",
        saying({ scope: value }),
        wants({ requiredClaims: ["scope"] }),
      ),
    ),
    refuses(
      "a_token_without_a_demanded_claim",
      demanded,
      saying({}),
      missing("scope"),
      wants({ requiredClaims: ["scope"] }),
    ),
    refuses(
      "a_token_without_the_second_demanded_claim",
      demanded,
      saying({ a: 1 }),
      missing("b"),
      wants({ requiredClaims: ["a", "b"] }),
    ),
    refuses(
      "a_token_by_the_first_demanded_claim_it_lacks",
      demanded,
      saying({}),
      missing("b"),
      wants({ requiredClaims: ["sub", "b", "a"] }),
    ),
    refuses(
      "a_demanded_claim_in_other_case",
      "RFC 7519 §4",
      saying({ Scope: 1 }),
      missing("scope"),
      wants({ requiredClaims: ["scope"] }),
    ),
    refuses(
      "a_demanded_claim_inside_another",
      demanded,
      saying({ x: { scope: 1 } }),
      missing("scope"),
      wants({ requiredClaims: ["scope"] }),
    ),
    refuses(
      "a_demanded_claim_in_the_header",
      demanded,
      { by, header: { alg: "HS256", scope: 1 } },
      missing("scope"),
      wants({ requiredClaims: ["scope"] }),
    ),
    accepts("a_token_when_no_claims_are_demanded", demanded, saying({}), wants({ requiredClaims: [] })),
    accepts(
      "registered_claims_that_are_demanded_by_name",
      demanded,
      saying({ jti: "1" }),
      wants({ requiredClaims: ["jti", "sub", "iat", "exp"] }),
    ),
    refuses(
      "a_token_without_a_registered_claim_that_is_demanded",
      demanded,
      saying({}),
      missing("jti"),
      wants({ requiredClaims: ["jti"] }),
    ),
    refuses(
      "a_token_without_exp_when_it_may_be_missing_but_is_demanded",
      demanded,
      saying({ exp: undefined }),
      missing("exp"),
      wants({ allowMissingExpiry: true, requiredClaims: ["exp"] }),
    ),
    ...INHERITED.map((name) =>
      refuses(
        `a_token_without_the_demanded_claim_${name.replaceAll("_", "").toLowerCase()}`,
        proto,
        saying({}),
        missing(name),
        wants({ requiredClaims: [name] }),
      ),
    ),
    accepts(
      "a_demanded_claim_named_proto",
      proto,
      { by, payload: claimsText("__proto__", "{}") },
      {
        ...wants({ requiredClaims: ["__proto__"] }),
        claims: new Raw(claimsText("__proto__", "{}")),
      },
    ),
    accepts("a_demanded_claim_with_an_empty_name", demanded, saying({ "": 1 }), wants({ requiredClaims: [""] })),
    accepts(
      "every_expectation_met_at_once",
      "RFC 7519 §4.1",
      saying({ iss: ISSUER, aud: ["api"], jti: "1", scope: "a b" }),
      wants({
        issuer: [ISSUER],
        audience: "api",
        subject: "alice",
        requiredClaims: ["jti", "scope"],
        maxAge: "1h",
        clockTolerance: 5,
        typ: "JWT",
      }),
    ),
  ],
};
