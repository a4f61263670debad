/**
 * Turns rows of other systems into one stored string that `PasswordHasher` reads: exports in JSON, and hashes that are
 * spread over several columns.
 *
 * Each function gives the string to keep in the password column, or `null` for a user who has no password. A row that
 * cannot be turned into one throws and says why; a row is never half-converted. Nothing is computed and no password is
 * needed: convert the whole table once, then log users in with `verifyAndUpdate`, which replaces what is weak.
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
 * This entry carries no wasm.
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
