/** The bindings of the Worker: see wrangler.toml. */

import type { SessionStoreObject } from "countersign/session";
import type { AccountShard } from "./accounts.js";
import type { AttemptStoreObject } from "./index.js";

export interface Env {
  /** The accounts, in a fixed number of objects. */
  readonly ACCOUNTS: DurableObjectNamespace<AccountShard>;
  /** The sessions, and the signing keys, encrypted. */
  readonly SESSIONS: DurableObjectNamespace<SessionStoreObject>;
  /** Counts of failed attempts to log in. */
  readonly ATTEMPTS: DurableObjectNamespace<AttemptStoreObject>;
  /** At least 32 random bytes, as text: it makes refresh tokens, and encrypts the signing keys. */
  readonly SECRET: string;
  /** The secret before this one, for as long as sessions live. Otherwise empty. */
  readonly OLD_SECRET: string;
  /** The token's `iss`: the issuer. A fixed name, never the request's Host, which the client chooses. */
  readonly ISSUER: string;
  /** The token's `aud`: the API that accepts it. */
  readonly AUDIENCE: string;
  /** User names that may ask for the scope "admin", with commas between. Empty: nobody. */
  readonly ADMIN_USERS: string;
  /** The lifetime of an access token in seconds. */
  readonly ACCESS_TOKEN_SECONDS: string;
  /** For how many seconds a new key is published before it signs. */
  readonly KEYS_PUBLISHED_AHEAD: string;
  /** "yes" lets the pages of `npm start` show the access token. Otherwise no script gets a token. */
  readonly SHOW_TOKEN: string;
  /** The header that holds the client's address. Empty: attempts are not limited by address. */
  readonly ADDRESS_HEADER: string;
  /** The path of the folder where the files of Swagger UI are served, for `/docs`. Empty: there is no such page. */
  readonly SWAGGER_UI: string;
}
