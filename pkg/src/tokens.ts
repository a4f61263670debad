/** Everything about tokens: keys, signing, checking, and keys from a server. */

export * from "./jwt.js";
export * from "./remote.js";
