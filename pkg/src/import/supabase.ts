/** Converts the password hashes of Supabase. */

import { isEmpty, malformed, rowOf, textOf } from "./row.js";
import { hasShape } from "./shape.js";

/** A row of Supabase's table `auth.users`. Other columns are ignored. */
export interface SupabaseUser {
  encrypted_password: string | null;
}

/**
 * Returns the hash of a Supabase user: the column `encrypted_password`, unchanged. It holds bcrypt, Argon2, or `$fbscrypt$…`
 * for users from Firebase.
 *
 * @param user The row.
 * @returns The text to store, or `null` if the column is empty: such users log in by link, by phone or with a provider.
 * @throws {CountersignError} `HASH_MALFORMED`: the column is missing, not a string, or not one of these hashes.
 * @example
 * ```ts
 * const stored = fromSupabase(row);
 * ```
 */
export function fromSupabase(user: SupabaseUser): string | null {
  const row = rowOf(user, ["encrypted_password"]);
  if (isEmpty(row, "encrypted_password")) return null;
  const stored = textOf(row, "encrypted_password");
  if (SHAPES.some((shape) => hasShape(stored, shape))) return stored;
  throw malformed('row\'s "encrypted_password" is not a hash of bcrypt, Argon2 or Firebase, or is cut short');
}

const SHAPES = ["bcrypt", "argon2", "fbscrypt"] as const;
