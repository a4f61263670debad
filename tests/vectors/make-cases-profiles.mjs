// Profiles: the typ and the claims of a kind of token, demanded of it and before it is issued.

import { accepts, answers, CLAIMS, fails, keyTable, NOW, refuses, token } from "./make-compact.mjs";
import {
  eventsForm,
  expired,
  missing,
  missingEither,
  notNumber,
  notString,
  otherEvent,
  profileContradicts,
  profileRequires,
  prohibited,
  typUnexpected,
  unexpectedAudience,
  wrongAudience,
  wrongIssuer,
  wrongOption,
} from "./make-errors.mjs";
import { hs256 } from "./make-material.mjs";

const by = hs256;
const ISSUER = "https://login.example";
const AUDIENCE = "https://api.example";
const LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

/** What each profile is called, holds and is checked with. */
const KINDS = {
  "at+jwt": {
    source: "RFC 9068 §2.2, §4",
    claims: { iss: ISSUER, exp: NOW + 900, aud: AUDIENCE, sub: "alice", client_id: "app", iat: NOW, jti: "1" },
    required: ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
    options: { issuer: ISSUER, audience: AUDIENCE },
  },
  "logout+jwt": {
    source: "OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6",
    claims: {
      iss: ISSUER,
      sub: "alice",
      aud: AUDIENCE,
      iat: NOW,
      exp: NOW + 120,
      jti: "1",
      sid: "session",
      events: { [LOGOUT]: {} },
    },
    required: ["iss", "aud", "iat", "exp", "jti", "events"],
    options: { issuer: ISSUER, audience: AUDIENCE },
  },
  "secevent+jwt": {
    source: "RFC 8417 §2.2",
    claims: {
      iss: ISSUER,
      iat: NOW,
      jti: "1",
      events: { "https://schemas.example/event": { reason: "x" } },
      toe: NOW - 5,
      txn: "2",
    },
    required: ["iss", "iat", "jti", "events"],
    options: {},
  },
  JWT: { source: "RFC 7519 §5.1", claims: CLAIMS, required: ["exp"], options: {} },
};

const snake = (name) => name.toLowerCase().replace("+", "_");
const without = (claims, ...names) =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));

/** A token of a kind and the options that accept it, both with changes. */
function tokenOf(profile, { claims = {}, less = [], typ = profile } = {}) {
  const payload = without({ ...KINDS[profile].claims, ...claims }, ...less);
  return { by, header: typ === null ? { alg: by.alg } : { alg: by.alg, typ }, payload };
}
const optionsOf = (profile, more = {}, less = []) => ({
  options: { profile, ...without(KINDS[profile].options, ...less), ...more },
});
const good = (profile, name, changes, options) =>
  accepts(
    `by_the_profile_${snake(profile)}_${name}`,
    KINDS[profile].source,
    tokenOf(profile, changes),
    optionsOf(profile, options),
  );
const bad = (profile, name, changes, error, options, less) =>
  refuses(
    `by_the_profile_${snake(profile)}_${name}`,
    KINDS[profile].source,
    tokenOf(profile, changes),
    error,
    optionsOf(profile, options, less),
  );

/** What is signed: in alphabetical order, so that readers that sort make the same text. */
const sorted = (claims) => Object.fromEntries(Object.entries(claims).sort(([a], [b]) => (a < b ? -1 : 1)));
const signs = (profile, name, claims, payload, options = {}) =>
  answers(
    "sign",
    `signs_by_the_profile_${snake(profile)}_${name}`,
    KINDS[profile].source,
    { claims: sorted(claims), key: by.name, options: { profile, ...options }, now: NOW },
    token({ by, header: { alg: by.alg, typ: profile }, payload: { ...sorted(claims), ...payload } }),
  );
const signsNot = (profile, name, claims, error, options = {}) =>
  fails(
    "sign",
    `refuses_to_sign_by_the_profile_${snake(profile)}_${name}`,
    KINDS[profile].source,
    { claims, key: by.name, options: { profile, ...options }, now: NOW },
    error,
  );

const PROFILES = Object.keys(KINDS);
const OF_TWO = ["at+jwt", "logout+jwt"];
const access = KINDS["at+jwt"].claims;
const logout = KINDS["logout+jwt"].claims;
const event = KINDS["secevent+jwt"].claims;
const NOT_STRINGS = { null: null, a_number: 1, an_array: ["app"] };
const BAD_EVENTS = {
  null: null,
  a_text: LOGOUT,
  an_array: [{}],
  empty: {},
  an_object_of_texts: { [LOGOUT]: "x" },
  an_object_with_null: { [LOGOUT]: {}, other: null },
};

export default {
  description: "Profiles: at+jwt (RFC 9068), logout+jwt (Back-Channel Logout 1.0), secevent+jwt (RFC 8417), JWT.",
  keys: keyTable(hs256),
  cases: [
    ...PROFILES.flatMap((profile) => [
      good(profile, "a_token_of_it"),
      good(profile, "a_typ_in_full", { typ: `application/${profile}` }),
      good(profile, "a_typ_in_other_case", { typ: profile.toUpperCase() }),
      bad(profile, "a_token_without_typ", { typ: null }, typUnexpected),
      bad(profile, "a_token_of_another_typ", { typ: profile === "JWT" ? "at+jwt" : "JWT" }, typUnexpected),
      ...KINDS[profile].required.map((claim) =>
        bad(profile, `a_token_without_${claim}`, { less: [claim] }, missing(claim)),
      ),
      good(profile, "a_token_with_the_typ_said_twice", {}, { typ: `application/${profile}` }),
      bad(profile, "with_another_typ_in_the_options", {}, profileContradicts("typ"), {
        typ: profile === "JWT" ? "at+jwt" : "JWT",
      }),
      bad(profile, "an_expired_token", { claims: { exp: NOW } }, expired),
    ]),
    ...OF_TWO.flatMap((profile) => [
      bad(profile, "while_expiry_may_be_missing", {}, profileContradicts("allowMissingExpiry"), {
        allowMissingExpiry: true,
      }),
      good(profile, "while_expiry_may_not_be_missing", {}, { allowMissingExpiry: false }),
      bad(
        profile,
        "while_the_audience_is_ignored",
        {},
        profileContradicts("ignoreAudience"),
        { ignoreAudience: true },
        ["audience"],
      ),
      bad(profile, "without_an_issuer_to_expect", {}, profileRequires("issuer"), {}, ["issuer"]),
      bad(profile, "without_an_audience_to_expect", {}, profileRequires("audience"), {}, ["audience"]),
      bad(profile, "another_issuer", { claims: { iss: "https://other.example" } }, wrongIssuer),
      bad(profile, "another_audience", { claims: { aud: "https://other.example" } }, wrongAudience),
      good(profile, "one_audience_of_several", { claims: { aud: ["https://other.example", AUDIENCE] } }),
    ]),
    ...Object.entries(NOT_STRINGS).flatMap(([what, value]) => [
      bad("at+jwt", `a_token_whose_client_id_is_${what}`, { claims: { client_id: value } }, notString("client_id")),
      bad("logout+jwt", `a_token_whose_sid_is_${what}`, { claims: { sid: value } }, notString("sid")),
      bad("secevent+jwt", `a_token_whose_txn_is_${what}`, { claims: { txn: value } }, notString("txn")),
    ]),

    good("logout+jwt", "a_token_without_sub", { less: ["sub"] }),
    good("logout+jwt", "a_token_without_sid", { less: ["sid"] }),
    bad("logout+jwt", "a_token_without_sub_and_sid", { less: ["sub", "sid"] }, missingEither("sub", "sid")),
    bad("logout+jwt", "a_token_with_nonce", { claims: { nonce: "n" } }, prohibited("nonce")),
    bad("logout+jwt", "a_token_with_nonce_of_null", { claims: { nonce: null } }, prohibited("nonce")),
    bad("logout+jwt", "a_token_of_another_event", { claims: { events: event.events } }, otherEvent),
    good("logout+jwt", "a_token_with_another_event_beside", {
      claims: { events: { ...event.events, ...logout.events } },
    }),
    ...["logout+jwt", "secevent+jwt"].flatMap((profile) =>
      Object.entries(BAD_EVENTS).map(([what, events]) =>
        bad(profile, `a_token_whose_events_are_${what}`, { claims: { events } }, eventsForm),
      ),
    ),

    good("secevent+jwt", "a_token_that_ends", { claims: { exp: NOW + 1 } }),
    bad("secevent+jwt", "a_token_without_exp_where_one_is_demanded", {}, missing("exp"), { allowMissingExpiry: false }),
    good("secevent+jwt", "a_token_for_us", { claims: { aud: AUDIENCE } }, { audience: AUDIENCE }),
    bad("secevent+jwt", "a_token_for_others", { claims: { aud: AUDIENCE } }, unexpectedAudience),
    bad("secevent+jwt", "a_token_whose_toe_is_a_text", { claims: { toe: "now" } }, notNumber("toe")),
    good("secevent+jwt", "a_token_of_several_events", { claims: { events: { a: {}, b: {} } } }),
    good("JWT", "a_token_without_end_where_that_is_allowed", { less: ["exp"] }, { allowMissingExpiry: true }),
    accepts(
      "a_logout_token_as_any_token_where_no_profile_is_demanded",
      "countersign: a profile is asked for",
      tokenOf("logout+jwt"),
      { options: KINDS["logout+jwt"].options },
    ),
    ...Object.entries({ an_unknown_name: "id+jwt", a_name_in_other_case: "AT+JWT", a_number: 1, null: null }).map(
      ([what, profile]) =>
        refuses(
          `by_a_profile_that_is_${what}`,
          "countersign: options are read strictly",
          tokenOf("JWT"),
          wrongOption("profile", '"at+jwt", "JWT", "logout+jwt" or "secevent+jwt"'),
          { options: { profile } },
        ),
    ),

    signs("at+jwt", "what_is_given", access, {}),
    signs(
      "at+jwt",
      "what_is_given_and_stamped",
      without(access, "iss", "aud", "sub", "exp", "iat", "jti"),
      {
        iss: ISSUER,
        sub: "alice",
        aud: AUDIENCE,
        exp: NOW + 900,
        iat: NOW,
        jti: "1",
      },
      { issuer: ISSUER, audience: AUDIENCE, subject: "alice", jwtId: "1" },
    ),
    answers(
      "signClaims",
      "signs_by_the_profile_at_jwt_with_a_random_jti",
      "countersign: a jti that must be there is made",
      {
        claims: { client_id: "app" },
        key: by.name,
        options: { profile: "at+jwt", issuer: ISSUER, audience: AUDIENCE, subject: "alice" },
        now: NOW,
      },
      { header: { alg: by.alg, typ: "at+jwt" }, claims: { ...access, jti: "<jti>" } },
    ),
    signs("logout+jwt", "for_two_minutes", without(logout, "exp", "iat"), { exp: NOW + 120, iat: NOW }),
    signs(
      "logout+jwt",
      "for_as_long_as_is_said",
      without(logout, "exp", "iat"),
      { exp: NOW + 60, iat: NOW },
      { expiresIn: 60 },
    ),
    signs("secevent+jwt", "without_end", without(event, "iat"), { iat: NOW }),
    signs(
      "secevent+jwt",
      "with_an_end_that_is_asked_for",
      without(event, "iat"),
      { exp: NOW + 60, iat: NOW },
      { expiresIn: 60 },
    ),
    signs("JWT", "as_without_it", {}, { exp: NOW + 900, iat: NOW }),
    signs("JWT", "without_end", {}, { iat: NOW }, { expiresIn: null }),
    answers(
      "sign",
      "signs_by_a_profile_with_its_typ_as_it_is_spelled",
      "RFC 7515 §4.1.9",
      { claims: sorted(access), key: by.name, options: { profile: "at+jwt", typ: "application/at+jwt" }, now: NOW },
      token({ by, header: { alg: by.alg, typ: "application/at+jwt" }, payload: sorted(access) }),
    ),
    ...PROFILES.flatMap((profile) => [
      signsNot(profile, "with_another_typ", KINDS[profile].claims, profileContradicts("typ"), {
        typ: profile === "JWT" ? "at+jwt" : "JWT",
      }),
      ...KINDS[profile].required
        .filter((claim) => !["exp", "iat", "jti"].includes(claim))
        .map((claim) => signsNot(profile, `without_${claim}`, without(KINDS[profile].claims, claim), missing(claim))),
    ]),
    ...OF_TWO.flatMap((profile) => [
      signsNot(profile, "without_end", without(KINDS[profile].claims, "exp"), profileContradicts("expiresIn"), {
        expiresIn: null,
      }),
      signs(
        profile,
        "with_its_own_end_and_no_default",
        { ...KINDS[profile].claims, exp: NOW + 5 },
        {},
        { expiresIn: null },
      ),
      signsNot(profile, "with_a_typ_of_null", KINDS[profile].claims, profileContradicts("typ"), { typ: null }),
      signsNot(profile, "without_iat", without(KINDS[profile].claims, "iat"), missing("iat"), { issuedAt: false }),
    ]),
    signsNot("at+jwt", "with_a_client_id_that_is_a_number", { ...access, client_id: 1 }, notString("client_id")),
    signsNot("logout+jwt", "without_sub_and_sid", without(logout, "sub", "sid"), missingEither("sub", "sid")),
    signsNot("logout+jwt", "with_nonce", { ...logout, nonce: "n" }, prohibited("nonce")),
    signsNot("logout+jwt", "of_another_event", { ...logout, events: event.events }, otherEvent),
    signsNot("secevent+jwt", "of_no_event", { ...event, events: {} }, eventsForm),
    fails(
      "sign",
      "refuses_to_sign_by_a_profile_of_an_unknown_name",
      "countersign: options are read strictly",
      { claims: {}, key: by.name, options: { profile: "id+jwt" }, now: NOW },
      wrongOption("profile", '"at+jwt", "JWT", "logout+jwt" or "secevent+jwt"'),
    ),
  ],
};
