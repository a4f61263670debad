// The header of any compact JWS or JWE, read without checking anything.

import { answers, fails, token } from "./make-compact.mjs";
import { notBase64url, notJson, notObject, repeats, threeOrFiveSegments, tooLong } from "./make-errors.mjs";
import { base64url, hs256 } from "./make-material.mjs";

const shown = "countersign: decodeHeaderUnverified shows, it does not judge";
const form = "RFC 7515 §7.1, RFC 7516 §7.1";

const said = (header) => base64url(typeof header === "string" ? header : JSON.stringify(header));
const reads = (name, text, header) =>
  answers("decodeHeader", `decodes_the_header_${name}`, shown, { token: text }, header);
const refuses = (name, text, error) =>
  fails("decodeHeader", `refuses_to_decode_the_header_${name}`, form, { token: text }, error);

const dir = { alg: "dir", enc: "A256GCM", kid: "1" };
const lambda = { alg: "ES256", signer: "arn:aws:elasticloadbalancing:x" };

export default {
  description: "decodeHeaderUnverified: the header of a JWS or JWE that nobody has checked.",
  cases: [
    reads("of_a_token", token({ by: hs256 }), { alg: "HS256", typ: "JWT" }),
    reads("of_an_encrypted_token", `${said(dir)}..AA.AA.AA`, dir),
    reads("of_a_detached_jws", `${said(lambda)}..AA`, lambda),
    reads("before_a_payload_that_is_no_base64url", `${said(lambda)}.$02.*`, lambda),
    reads("that_is_padded", `${Buffer.from(JSON.stringify({ alg: "ES256", a: 1 })).toString("base64")}.AA.AA`, {
      alg: "ES256",
      a: 1,
    }),
    reads("of_any_content", `${said({ alg: 5, kid: null, crit: "x" })}.e30.`, { alg: 5, kid: null, crit: "x" }),
    reads("of_a_token_as_long_as_the_limit", `${said({})}.${"a".repeat(65531)}.`, {}),

    refuses("of_an_empty_token", "", threeOrFiveSegments),
    ...[1, 2, 4, 6].map((count) =>
      refuses(`of_a_token_of_${count}_segments`, Array(count).fill(said(dir)).join("."), threeOrFiveSegments),
    ),
    refuses("of_a_token_that_is_too_long", `${said({})}.${"a".repeat(65532)}.`, tooLong(65536)),
    refuses("that_is_padded_too_much", `${said({ a: 1 })}===.AA.AA`, notBase64url("header")),
    refuses("with_a_space_before_it", ` ${said(dir)}.AA.AA`, notBase64url("header")),
    refuses("that_is_empty", ".AA.AA", notJson("header")),
    refuses("that_is_not_json", `${said("{")}.AA.AA`, notJson("header")),
    refuses("that_is_an_array", `${said("[]")}.AA.AA`, notObject("header")),
    refuses("that_repeats_a_name", `${said('{"a":1,"a":2}')}.AA.AA`, repeats("header")),
  ],
};
