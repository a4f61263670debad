/** What `countersign/verify` exports. */

export { CountersignError, type ErrorCode, type SchemaIssue } from "./errors.js";
export { type VerificationKeys, Verifier, verifyAsync } from "./jwt.js";
export { KeySet, type RejectedKey } from "./key-set.js";
export * from "./remote.js";
export type * from "./types.js";
