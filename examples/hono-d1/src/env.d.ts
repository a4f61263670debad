/** The bindings: the database of wrangler.toml, and two secrets. */
declare namespace Cloudflare {
  interface Env {
    DB: D1Database;
    /** A private JWK. */
    SIGNING_KEY: string;
    /** At least 32 random characters. */
    SESSION_SECRET: string;
  }
}
