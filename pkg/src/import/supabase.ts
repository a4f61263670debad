import { isAbsent, malformed, member } from "./row.js";

/** A row of Supabase's `auth.users`; what else is in it is left alone. */
export interface SupabaseUser {
  encrypted_password?: string | null;
}

/**
 * The stored string of a Supabase user, which is the column `encrypted_password` as it is: bcrypt, Argon2, or
 * `$fbscrypt$…` for users who came from Firebase.
 *
 * @returns `null` where the column is empty: for users who log in by link, by telephone or with a provider.
 * @throws {@link CountersignError} `HASH_MALFORMED`: the column is not a string, or not one of these hashes.
 */
export function fromSupabase(user: SupabaseUser): string | null {
  const stored = member(user, "encrypted_password");
  if (isAbsent(stored)) return null;
  if (typeof stored !== "string" || !/^\$(2[aby]|argon2(id|i|d)|fbscrypt)\$/.test(stored)) {
    throw malformed('row\'s "encrypted_password" is not a hash of bcrypt, Argon2 or Firebase');
  }
  return stored;
}
