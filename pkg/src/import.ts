/**
 * Converts password hashes of other systems to text that `PasswordHasher` reads. The input is a JSON export, or a row whose
 * hash is spread over several columns.
 *
 * Each function returns the text for the password column, or `null` for a user without a password. If a row cannot be
 * converted, the function throws an error with the reason. No password is needed, because nothing is hashed. Convert the
 * whole table once, then log users in with `verifyAndUpdate`, which replaces weak hashes. Firebase's hashes, plain digests and
 * `{SSHA}` need the `PasswordHasher` of `countersign/formats`.
 *
 * ```ts
 * import { fromKeycloak } from "countersign/import";
 * import { PasswordHasher } from "countersign/password";
 *
 * const stored = fromKeycloak(user.credentials);
 * const hasher = new PasswordHasher();
 * const { ok, newHash } = hasher.verifyAndUpdate(password, stored);
 * ```
 *
 * This entry contains no wasm.
 *
 * @module
 */

export { CountersignError, type ErrorCode } from "./errors.js";
export { type Auth0User, fromAuth0 } from "./import/auth0.js";
export { type ClerkUser, fromClerk } from "./import/clerk.js";
export {
  type Columns,
  type DigestColumns,
  fromColumns,
  type Pbkdf2Columns,
  type ScryptColumns,
} from "./import/columns.js";
export { type FirebaseProject, type FirebaseUser, fromFirebase } from "./import/firebase.js";
export { fromKeycloak, type KeycloakCredential } from "./import/keycloak.js";
export { fromSupabase, type SupabaseUser } from "./import/supabase.js";
