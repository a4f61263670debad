/** The types of JSON Web Signatures: options, inputs and answers. */

import type { ExternalSigner } from "./external-signer.js";
import type { Key } from "./key.js";
import type { Header } from "./types.js";

/** The header of a signature. The key provides `alg` and `kid`. Unknown names are refused. */
export interface JwsHeaderOptions {
  /** The media type of the JWS. Default: none. */
  typ?: string;
  /** The media type of the payload. Default: none. */
  cty?: string;
  /** More header parameters, except `alg`, `kid`, `typ`, `crit`, `b64` and `zip`. */
  header?: object;
  /** The parameters of `header` that a reader must understand. `b64` is added automatically. */
  crit?: string[];
}

/** How the payload is treated. Unknown names are refused. */
export interface SignJwsJsonOptions {
  /** Leaves the payload out, to be sent separately (RFC 7515 appendix F). Default `false`. */
  detached?: boolean;
  /** `false` signs the payload itself instead of its base64url (RFC 7797). Default `true`. */
  b64?: boolean;
}

/** Options of `signJws`. Unknown names are refused. */
export interface SignJwsOptions extends JwsHeaderOptions, SignJwsJsonOptions {}

/** One signer of a JWS in the JSON serialization. */
export interface JwsSigner extends JwsHeaderOptions {
  /** An HMAC secret or a private key. */
  key: Key;
  /** Header parameters that are **not signed**. Anybody can change them. */
  unprotected?: object;
}

/** One signer of a JWS in the JSON serialization, whose key may be kept elsewhere. */
export interface JwsAsyncSigner extends JwsHeaderOptions {
  /** An HMAC secret, a private key, a key of `Key.fromCryptoKey`, or an `ExternalSigner`. */
  key: Key | ExternalSigner;
  /** Header parameters that are **not signed**. Anybody can change them. */
  unprotected?: object;
}

/** Options of `verifyJws`. Unknown names are refused. */
export interface VerifyJwsOptions {
  /** The payload of a detached JWS. With this option, a JWS that contains a payload is refused. */
  detached?: Uint8Array;
  /** The critical header parameters that you understand and obey. `b64` is understood by this library. */
  crit?: string[];
  /**
   * Accepts segments that are padded with `=`, as AWS load balancers write them. The signature covers the padded text, as it
   * was sent. Segments without padding are accepted too. Default `false`.
   */
  allowPadding?: boolean;
  /** The longest JWS in bytes, without a detached payload, up to 16777216. Default 1048576. */
  maxLength?: number;
  /** The time at which keys with `until` are judged. Default: now. */
  now?: Date;
}

/** Options of `verifyJwsJson`. Unknown names are refused. */
export interface VerifyJwsJsonOptions extends VerifyJwsOptions {
  /** How many signatures must be valid. Default `"any"`: at least one. */
  require?: "any" | "all";
}

/** The answer of `verifyJws`. */
export interface VerifiedJws {
  /** The header, as it was signed. */
  header: Header;
  /** The payload, as it was signed. */
  payload: Uint8Array<ArrayBuffer>;
}

/** The answer of `verifyJwsJson`. */
export interface VerifiedJwsJson {
  /** The payload, as it was signed. */
  payload: Uint8Array<ArrayBuffer>;
  /** The valid signatures, at most one per key. */
  signatures: [HeldSignature, ...HeldSignature[]];
}

/** A valid signature. */
export interface HeldSignature {
  /** Its position among the signatures of the JWS, from 0. */
  index: number;
  /** Its protected header. */
  header: Header;
  /** The `kid` of your key that checked it, if that key has one. It does not come from the header. */
  kid?: string;
}

/** The flattened JSON serialization (RFC 7515 §7.2.2): one signature. */
export interface FlattenedJws extends JwsSignature {
  /** The payload in base64url, or as text with `b64: false`. Absent if it is detached. */
  payload?: string;
}

/** The general JSON serialization (RFC 7515 §7.2.1): one or several signatures. */
export interface GeneralJws {
  /** The payload in base64url, or as text with `b64: false`. Absent if it is detached. */
  payload?: string;
  signatures: JwsSignature[];
}

/** One signature in the JSON serialization. */
export interface JwsSignature {
  /** The protected header in base64url. */
  protected?: string;
  /** The unprotected header. */
  header?: object;
  /** The signature in base64url. */
  signature: string;
}
