/** The bindings of the Worker: see wrangler.toml. */

import type { Account } from "./account.js";
import type { SigningKey } from "./signing-key.js";

export interface Env {
  /** One object per user name. */
  readonly ACCOUNTS: DurableObjectNamespace<Account>;
  /** One object, which holds the key that signs. */
  readonly SIGNING_KEY: DurableObjectNamespace<SigningKey>;
  /** The token's `iss`: the issuer. A fixed name, never the request's Host, which the client chooses. */
  readonly ISSUER: string;
  /** The token's `aud`: the API that accepts it. */
  readonly AUDIENCE: string;
  /** User names that may ask for the scope "admin", with commas between. Empty: nobody. */
  readonly ADMIN_USERS: string;
  /** Cloudflare's rate limiter, where there is one: log-in attempts per user name. */
  readonly LOGIN_ATTEMPTS?: RateLimit;
}
