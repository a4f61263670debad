import { env } from "cloudflare:workers";
import { Key, KeySet, PasswordHasher, Signer, Verifier } from "countersign";
import { endpoint, guard } from "countersign/hono";
import { jwksEndpoint, loginThrottle, revocationEndpoint, tokenEndpoint } from "countersign/http";
import { d1Store, Sessions } from "countersign/session";
import { Hono } from "hono";

const expected = { issuer: "https://login.example", audience: "https://api.example" };
const key = Key.fromJwk(JSON.parse(env.SIGNING_KEY)); // a secret: a private JWK
const store = d1Store(env.DB);
const sessions = new Sessions({ signer: new Signer(key, expected), store, secret: env.SESSION_SECRET });
const hasher = new PasswordHasher();

const throttle = loginThrottle({ store, perAddress: { header: "CF-Connecting-IP" } });
const token = tokenEndpoint({
  sessions,
  throttle,
  async authenticate(username, password) {
    const hash = await env.DB.prepare("SELECT hash FROM users WHERE name = ?").bind(username).first<string>("hash");
    const { ok, newHash } = hasher.verifyAndUpdate(password, hash); // `null`, an unknown user, takes as long
    if (newHash !== undefined) {
      const update = env.DB.prepare("UPDATE users SET hash = ? WHERE name = ? AND hash = ?");
      await update.bind(newHash, username, hash).run();
    }
    return ok ? { subject: username, scopes: ["profile"] } : null;
  },
});
const verifier = new Verifier(key.publicKey(), expected);
const loggedIn = guard(verifier, { accept: ({ claims }) => sessions.isLive(claims) });

const app = new Hono();
app.post("/token", endpoint(token)); // log in, and refresh
app.post("/revoke", endpoint(revocationEndpoint(sessions))); // log out
app.get("/.well-known/jwks.json", endpoint(jwksEndpoint(new KeySet([key]))));
app.get("/me", loggedIn, (c) => c.json({ username: c.var.claims.sub, scopes: c.var.auth.scopes }));
app.post("/register", async (c) => {
  const { username, password } = (await c.req.json().catch(() => null)) ?? {};
  const isName = typeof username === "string" && /^[a-z0-9._-]{3,32}$/.test(username);
  const isPassword = typeof password === "string" && 15 <= password.length && password.length <= 256;
  if (!isName || !isPassword || !password.isWellFormed()) {
    return c.json(
      { error: "username: 3 to 32 of a-z, 0-9, dot, hyphen, underscore; password: 15 to 256 characters" },
      400,
    );
  }
  // Hashing takes time. This counts for the address like a failed log-in, and for the name until its first log-in.
  const attempt = await throttle.attempt(username, c.req.raw);
  if (!attempt.allowed) return c.json({ error: "too many attempts: try again later" }, 429);
  const insert = env.DB.prepare("INSERT INTO users (name, hash) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const { meta } = await insert.bind(username, hasher.hash(password)).run();
  return meta.changes === 1 ? c.json({ username }, 201) : c.json({ error: "this user name is taken" }, 409);
});
export default app;
