// Compact JWS made: encoded, unencoded, detached, with header parameters.

import { keyTable } from "./make-compact.mjs";
import {
  byOption,
  critAbsent,
  critForm,
  critRegistered,
  headerNotString,
  optionInvalid,
  publicCannotSign,
  unknownOption,
  wrongOption,
} from "./make-errors.mjs";
import { compact, said } from "./make-jws.mjs";
import {
  alg,
  appendixF,
  critRule,
  form,
  named,
  PRINTABLE,
  plain,
  rule,
  sign,
  signs,
  strict,
  TEXT,
  UNPRINTABLE,
  unencoded,
} from "./make-jws-compact.mjs";
import { ed25519, hs256 } from "./make-material.mjs";

const signsNot = (name, source, { key = "hs256", payload = TEXT, options }, error) =>
  signs.refuses(`refuses_to_sign_a_jws_${name}`, source, { payload: said(payload), key, options }, error);
const mustNotSet = (name) => optionInvalid(`option "header" must not set "${name}"`);
const onlyPrintable = optionInvalid("an unencoded payload that is not detached must be printable ASCII without a dot");

export default {
  description: "Compact JWS, made.",
  keys: {
    ...keyTable(hs256, named),
    ed25519: ed25519.spec,
    private: ed25519.privateSpec,
  },
  cases: [
    sign("with_nothing_but_alg", form, {}, compact(plain())),
    sign("by_an_ed25519_key", "RFC 8037 §3.1", { key: "private" }, compact({ by: ed25519, payload: TEXT })),
    sign(
      "with_the_kid_of_its_key",
      "RFC 7515 §4.1.4",
      { key: named.name },
      compact(plain({ by: named, header: { alg, kid: "one" } })),
    ),
    sign(
      "with_typ_cty_and_more",
      "RFC 7515 §4.1",
      { key: named.name, options: { typ: "example", cty: "text/plain", header: { a: 1, b: "c" } } },
      compact(plain({ header: { alg, typ: "example", cty: "text/plain", kid: "one", a: 1, b: "c" } })),
    ),
    sign(
      "with_cty_among_the_other_parameters",
      "RFC 7515 §4.1.10",
      { options: { header: { cty: "text/plain" } } },
      compact(plain({ header: { alg, cty: "text/plain" } })),
    ),
    sign(
      "with_a_critical_extension",
      critRule,
      { options: { crit: ["x"], header: { x: 1 } } },
      compact(plain({ header: { alg, crit: ["x"], x: 1 } })),
    ),
    sign(
      "unencoded_with_a_critical_extension",
      rule,
      { options: { b64: false, crit: ["x"], header: { x: 1 } } },
      compact(plain({ header: { alg, b64: false, crit: ["b64", "x"], x: 1 }, b64: false })),
    ),
    sign("detached", appendixF, { options: { detached: true } }, compact(plain({ detached: true }))),
    sign(
      "with_the_defaults_spelled_out",
      form,
      { options: { detached: false, b64: true, crit: [] } },
      compact(plain()),
    ),
    sign(
      "unencoded",
      "RFC 7797 §5.2",
      { payload: PRINTABLE, options: { b64: false } },
      compact(plain({ header: unencoded, b64: false, payload: PRINTABLE })),
    ),
    ...Object.entries({ ...UNPRINTABLE, a_dot: "$.02" }).flatMap(([what, payload]) => [
      signsNot(`unencoded_with_${what}`, "RFC 7797 §5.2", { payload, options: { b64: false } }, onlyPrintable),
      sign(
        `unencoded_and_detached_with_${what}`,
        "RFC 7797 §5.1",
        { payload, options: { b64: false, detached: true } },
        compact(plain({ header: unencoded, b64: false, detached: true, payload })),
      ),
    ]),
    ...["alg", "b64", "crit", "kid", "typ", "zip"].map((name) =>
      signsNot(`whose_header_sets_${name}`, strict, { options: { header: { [name]: "x" } } }, mustNotSet(name)),
    ),
    signsNot(
      "with_cty_twice",
      strict,
      { options: { cty: "text/plain", header: { cty: "text/plain" } } },
      mustNotSet("cty"),
    ),
    signsNot(
      "whose_cty_is_a_number",
      strict,
      { options: { header: { cty: 1 } } },
      byOption("header", headerNotString("cty")),
    ),
    signsNot("with_an_absent_extension", critRule, { options: { crit: ["x"] } }, byOption("header", critAbsent)),
    signsNot(
      "with_a_crit_that_names_alg",
      critRule,
      { options: { crit: ["alg"] } },
      byOption("header", critRegistered),
    ),
    signsNot(
      "with_a_crit_that_repeats_b64",
      critRule,
      { options: { b64: false, crit: ["b64"] } },
      byOption("header", critForm),
    ),
    signsNot("with_a_public_key", "RFC 8037 §3.1.1", { key: "ed25519" }, publicCannotSign),
    signsNot("with_an_option_of_tokens", strict, { options: { expiresIn: 1 } }, unknownOption("expiresIn")),
    ...["b64", "detached"].map((name) =>
      signsNot(`with_${name}_that_is_a_text`, strict, { options: { [name]: "false" } }, wrongOption(name, "a boolean")),
    ),
  ],
};
