// JWS in JSON as the cases about them are told: who signs, and what holds.

import { createHash } from "node:crypto";
import { casesOf, flattened, general, said } from "./make-jws.mjs";
import { bytesOf, ed25519, ed25519Key, hmacKey, other25519 } from "./make-material.mjs";

export const { gives, refuses } = casesOf("verifyJwsJson");
export const signs = casesOf("signJwsJson");

export const TEXT = "a contract";
export const alice = ed25519Key("alice", ed25519.seed, { kid: "alice" });
/** Alice by another name. */
export const alias = ed25519Key("alias", ed25519.seed, { kid: "alias" });
export const bob = ed25519Key("bob", other25519.seed, { kid: "bob" });
export const carol = ed25519Key("carol", bytesOf("carol", 32), { kid: "carol" });
export const dave = ed25519Key("dave", bytesOf("dave", 32));
/** Secrets that HMAC cannot tell apart (RFC 2104 §2): one with a zero byte at its end, and a long one and its hash. */
const padded = Buffer.concat([bytesOf("hmac", 40), Buffer.alloc(1)]);
const long = bytesOf("long", 100);
export const secrets = Object.fromEntries(
  Object.entries({
    short: padded.subarray(0, 40),
    padded,
    other: bytesOf("other", 41),
    long,
    hash: createHash("sha256").update(long).digest(),
  }).map(([kid, secret]) => [kid, hmacKey(kid, "HS256", secret, { kid })]),
);
export const headerOf = (key, more = {}) => ({ alg: key.alg, kid: key.kid ?? key.spec.kid, ...more });
export const by = (key, more = {}) => ({ by: key, header: headerOf(key), ...more });
export const unencoded = { b64: false, crit: ["b64"] };

export const flat = "RFC 7515 §7.2.2";
export const form = "RFC 7515 §7.2.1";
export const disjoint = "RFC 7515 §7.2.1: the names are disjoint";
export const strict = "countersign: as strict as for tokens";
export const stricter = "countersign: alg has to be protected; RFC 7515 §10.7 advises it";
export const rule = "RFC 7797 §3: the same in all signatures";
export const anyHolds = "RFC 7515 §5.2: at least one must hold";
export const once = "countersign: a key counts once";

export const held = (index, key, header = headerOf(key)) => {
  const { kid } = key.spec;
  return kid === undefined ? { index, header } : { index, header, kid };
};

/** A case that is accepted: a text, and the signatures that hold. */
export const good = (name, source, jws, signatures, { keys = "alice", payload = TEXT, ...more } = {}) =>
  gives(`accepts_a_json_jws_${name}`, source, { jws, keys, ...more }, { payload: said(payload), signatures });
export const bad = (name, source, jws, error, more = {}) =>
  refuses(`refuses_a_json_jws_${name}`, source, { jws, keys: "alice", ...more }, error);

export const one = (more = {}) => flattened({ payload: TEXT, ...by(alice), ...more });

/** A flattened JWS of alice's with members of the document changed. */
export const having = (members) => flattened({ payload: TEXT, ...by(alice) }, members);
export const all = (signatures, members) => general({ payload: TEXT, signatures }, members);

export const couple = { set: ["alice", "bob"] };
export const whole = { require: "all" };
