/** The shapes of a JWS, of what it is made with, and of the answers about it. */

import type { Key } from "./jwt.js";
import type { Header } from "./types.js";

/** What stands in the header of a signature, beside `alg` and `kid`, which are the key's. An unknown name is an error. */
export interface JwsHeaderOptions {
  /** The media type of the JWS. Default: none. */
  typ?: string;
  /** The media type of the payload. Default: none. */
  cty?: string;
  /** More header parameters; not `alg`, `kid`, `typ`, `crit`, `b64` or `zip`. */
  header?: object;
  /** The parameters in `header` that a reader must understand. `b64` is added where it is needed. */
  crit?: string[];
}

/** How the payload of a JWS is treated. An unknown name is an error. */
export interface SignJwsJsonOptions {
  /** Leaves the payload out, to travel by itself (RFC 7515 appendix F). Default `false`. */
  detached?: boolean;
  /** `false` signs the payload as it is and not its base64url (RFC 7797). Default `true`. */
  b64?: boolean;
}

/** Options of `signJws`. An unknown name is an error. */
export interface SignJwsOptions extends JwsHeaderOptions, SignJwsJsonOptions {}

/** One of those who sign a JWS in JSON. */
export interface JwsSigner extends JwsHeaderOptions {
  /** A secret or private key. */
  key: Key;
  /** Parameters that are **not signed**: anybody can change them on the way. */
  unprotected?: object;
}

/** Options of `verifyJws`. An unknown name is an error. */
export interface VerifyJwsOptions {
  /** The payload of a detached JWS. One that has its own is refused then. */
  detached?: Uint8Array;
  /** The critical extensions that you understand and act upon. `b64` is understood by this library. */
  crit?: string[];
  /** The longest JWS read, in bytes; a detached payload is not counted. Default 1048576, at most 16777216. */
  maxLength?: number;
  /** The time to judge the keys at, where a set has some that end. Default: the platform's clock. */
  now?: Date;
}

/** Options of `verifyJwsJson`. An unknown name is an error. */
export interface VerifyJwsJsonOptions extends VerifyJwsOptions {
  /** How many signatures must hold: at least one, or every one. Default `"any"`. */
  require?: "any" | "all";
}

/** A JWS that was checked. */
export interface VerifiedJws {
  /** The header, as it was signed. */
  header: Header;
  /** The payload, as it was signed. */
  payload: Uint8Array<ArrayBuffer>;
}

/** A JWS in JSON of which at least one signature held. */
export interface VerifiedJwsJson {
  /** The payload, as it was signed. */
  payload: Uint8Array<ArrayBuffer>;
  /** The signatures that held. No two are by the same key. */
  signatures: [HeldSignature, ...HeldSignature[]];
}

/** A signature that held. */
export interface HeldSignature {
  /** Its place among the signatures of the JWS, from 0. */
  index: number;
  /** Its protected header. */
  header: Header;
  /** The `kid` of the key that made it, if that key has one: yours, not what a header says. */
  kid?: string;
}

/** The flattened serialization (RFC 7515 §7.2.2): one signature. */
export interface FlattenedJws extends JwsSignature {
  /** The payload in base64url, or as it is with `b64: false`; absent where it is detached. */
  payload?: string;
}

/** The general serialization (RFC 7515 §7.2.1): one signature or several. */
export interface GeneralJws {
  /** The payload in base64url, or as it is with `b64: false`; absent where it is detached. */
  payload?: string;
  signatures: JwsSignature[];
}

/** One signature of a JWS in JSON. */
export interface JwsSignature {
  /** The protected header in base64url. */
  protected?: string;
  /** The unprotected header. */
  header?: object;
  /** The signature in base64url. */
  signature: string;
}
