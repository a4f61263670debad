// JWS in JSON, flattened and general (RFC 7515 §7.2): which signatures hold.

import { keyTable } from "./make-compact.mjs";
import { badSignature, noKey, noneHolds, optionInvalid, sameKeyAgain } from "./make-errors.mjs";
import { said } from "./make-jws.mjs";
import {
  alias,
  alice,
  all,
  anyHolds,
  bad,
  bob,
  by,
  carol,
  couple,
  dave,
  flat,
  form,
  good,
  having,
  held,
  once,
  one,
  secrets,
  strict,
  whole,
} from "./make-jws-json.mjs";

export default {
  description: "JWS in JSON, flattened and general: which signatures hold.",
  keys: {
    ...keyTable(alice, alias, bob, carol, dave, ...Object.values(secrets)),
  },
  cases: [
    good("that_is_flattened", flat, one(), [held(0, alice)]),
    good("that_is_general_with_one_signature", form, all([by(alice)]), [held(0, alice)]),
    good("by_two_for_one_of_them", anyHolds, all([by(alice), by(bob)]), [held(1, bob)], { keys: "bob" }),
    good("by_two_for_both", anyHolds, all([by(alice), by(bob)]), [held(0, alice), held(1, bob)], { keys: couple }),
    good("by_two_of_which_all_hold", anyHolds, all([by(bob), by(alice)]), [held(0, bob), held(1, alice)], {
      keys: couple,
      options: whole,
    }),
    good(
      "by_three_of_whom_two_are_known",
      anyHolds,
      all([by(alice), by(carol), by(bob)]),
      [held(0, alice), held(2, bob)],
      {
        keys: couple,
      },
    ),
    good("by_a_key_without_kid", anyHolds, all([{ by: dave }]), [held(0, dave, { alg: "EdDSA" })], { keys: "dave" }),
    bad("by_three_of_whom_all_should_be_known", anyHolds, all([by(alice), by(carol), by(bob)]), noKey, {
      keys: couple,
      options: whole,
    }),
    bad("by_two_strangers", anyHolds, all([by(alice), by(bob)]), noneHolds, { keys: "carol" }),
    bad("by_two_strangers_to_a_set", anyHolds, all([by(alice), by(bob)]), noneHolds, { keys: { set: ["carol"] } }),
    bad("by_one_stranger", anyHolds, one(), badSignature, { keys: "carol" }),
    bad("by_one_stranger_to_a_set", anyHolds, one(), noKey, { keys: { set: ["carol"] } }),
    bad("by_one_stranger_in_the_general_form", anyHolds, all([by(alice)]), badSignature, { keys: "carol" }),
    bad("with_a_forged_signature_alone", anyHolds, one({ signedBy: carol }), badSignature),
    good("with_a_forged_signature_beside", anyHolds, all([by(bob, { signedBy: carol }), by(alice)]), [held(1, alice)], {
      keys: couple,
    }),
    bad(
      "with_a_forged_signature_beside_where_all_should_hold",
      anyHolds,
      all([by(bob, { signedBy: carol }), by(alice)]),
      badSignature,
      { keys: couple, options: whole },
    ),
    bad("whose_payload_was_changed", anyHolds, having({ payload: said("another") }), badSignature),
    bad("under_a_demand_for_one", strict, one(), optionInvalid('option "require" is not "all" or "any"'), {
      options: { require: "one" },
    }),
    good("under_the_default_demand_spelled_out", strict, one(), [held(0, alice)], { options: { require: "any" } }),

    good("signed_twice_by_one_key_once", once, all([by(alice), by(alice)]), [held(0, alice)]),
    good("signed_twice_by_one_key_at_first_wrongly", once, all([by(alice, { signedBy: bob }), by(alice)]), [
      held(1, alice),
    ]),
    good("signed_twice_by_one_key_of_two_names", once, all([by(alice), by(alias)]), [held(0, alice)], {
      keys: { set: ["alice", "alias"] },
    }),
    bad("signed_twice_by_one_key_of_two_names_where_all_should_hold", once, all([by(alice), by(alias)]), sameKeyAgain, {
      keys: { set: ["alice", "alias"] },
      options: whole,
    }),
    ...[
      ["short", "padded"],
      ["padded", "short"],
      ["long", "hash"],
      ["hash", "long"],
    ].map(([first, second]) =>
      good(
        `signed_twice_by_secrets_that_hmac_cannot_tell_apart_${first}_and_${second}`,
        `${once}; RFC 2104 §2`,
        all([by(secrets[first]), by(secrets[second])]),
        [held(0, secrets[first])],
        { keys: { set: [first, second] } },
      ),
    ),
    good(
      "signed_by_two_secrets",
      anyHolds,
      all([by(secrets.short), by(secrets.other), by(secrets.hash)]),
      [held(0, secrets.short), held(1, secrets.other), held(2, secrets.hash)],
      { keys: { set: ["short", "other", "hash"] } },
    ),
    good(
      "signed_by_keys_of_several_sets",
      "countersign: each for other algorithms",
      all([by(alice), by(secrets.short)]),
      [held(0, alice), held(1, secrets.short)],
      { keys: { several: [couple, "short"] } },
    ),
    bad("signed_twice_by_one_key_where_all_should_hold", once, all([by(alice), by(alice)]), sameKeyAgain, {
      options: whole,
    }),
  ],
};
