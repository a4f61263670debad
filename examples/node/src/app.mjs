/** The Express application: register, log in, refresh, log out, and routes that need a token. */

import { endpoint, guard } from "countersign/express";
import { jwksEndpoint, loginThrottle, revocationEndpoint, tokenEndpoint } from "countersign/http";
import { KeySet, Signer, Verifier } from "countersign/jwt";
import { Sessions, sqliteStore } from "countersign/session";
import express from "express";
import { sessionSecret, signingKey } from "./database.mjs";
import { isOld, verifierOfBoth } from "./tokens.mjs";
import { Users } from "./users.mjs";

const EXPECTED = { issuer: "https://login.example", audience: "https://api.example" };

/**
 * @param database from `openDatabase`
 * @param options `oldSecret`: what jsonwebtoken signed with, as long as its tokens live
 */
export function createApp(database, { oldSecret } = {}) {
  const key = signingKey(database);
  const users = new Users(database);
  const store = sqliteStore(database);
  const sessions = new Sessions({ signer: new Signer(key, EXPECTED), store, secret: sessionSecret(database) });
  const throttle = loginThrottle({ store, perAddress: {} });
  const token = tokenEndpoint({
    sessions,
    throttle,
    async authenticate(username, password, request) {
      // A client that hangs up keeps no thread busy.
      return (await users.check(username, password, request.signal))
        ? { subject: username, scopes: ["profile"] }
        : null;
    },
  });
  const loggedIn = guard(verifierOfBoth(new Verifier(key.publicKey(), EXPECTED), oldSecret), {
    accept: ({ claims, header }) => {
      if (!isOld(header)) return sessions.isLive(claims);
      // `String` would make the name of a user of it.
      if (claims.sub === undefined) return false;
      const user = users.find(String(claims.sub));
      return user !== undefined && user.oldTokensFrom <= (claims.iat ?? 0);
    },
  });

  const app = express();
  // Before `express.json`, because they read the body on their own.
  app.post("/token", endpoint(token));
  app.post("/revoke", endpoint(revocationEndpoint(sessions)));
  app.get("/.well-known/jwks.json", endpoint(jwksEndpoint(new KeySet([key]))));

  app.post("/register", express.json({ limit: "4kb" }), async (req, res) => {
    const { password, username } = req.body ?? {};
    if (typeof username !== "string" || !/^[a-z0-9][a-z0-9._-]{2,31}$/.test(username)) {
      return res.status(400).json({ error: "a user name is 3 to 32 of a-z, 0-9, dot, hyphen and underscore" });
    }
    if (!isGoodPassword(password)) return res.status(400).json({ error: PASSWORD_RULE });
    // Hashing takes time and memory. This counts for the address like a failed log-in, and for the name until its first log-in.
    const attempt = await throttle.attempt(username, req);
    if (!attempt.allowed) return res.status(429).json({ error: "too many attempts: try again later" });
    if (!(await users.add(username, password))) return res.status(409).json({ error: "this user name is taken" });
    res.status(201).json({ username });
  });

  app.use(loggedIn, (req, _res, next) => {
    req.username = String(req.auth.claims.sub);
    next();
  });
  app.get("/me", (req, res) => res.json({ username: req.username }));
  app.get("/sessions", async (req, res) => res.json(await sessions.list(req.username)));
  // Log out everywhere.
  app.delete("/sessions", async (req, res) => {
    users.refuseOldTokens(req.username);
    res.json({ ended: await sessions.endAll(req.username) });
  });
  app.post("/password", express.json({ limit: "4kb" }), async (req, res) => {
    const { current_password: current, new_password: next } = req.body ?? {};
    if (typeof current !== "string" || !current.isWellFormed()) {
      return res.status(400).json({ error: "current_password is not a string of Unicode characters" });
    }
    if (!isGoodPassword(next)) return res.status(400).json({ error: PASSWORD_RULE });
    const attempt = await throttle.attempt(req.username, req);
    if (!attempt.allowed || !(await users.change(req.username, current, next))) {
      return res.status(400).json({ error: "the current password is wrong" });
    }
    await attempt.succeeded();
    const { sid } = req.auth.claims;
    res.json({ ended: await sessions.endAll(req.username, sid === undefined ? {} : { except: sid }) });
  });
  // What went wrong is told to the log, and to the client only if it is the client's fault.
  app.use((error, _req, res, next) => {
    if (res.headersSent) return next(error);
    const status = error.status ?? 500;
    if (status === 500) console.error(error);
    res.status(status).json({ error: status === 500 ? "something went wrong here" : error.message });
  });
  return app;
}

const PASSWORD_RULE = "a password has 15 to 256 characters";

function isGoodPassword(password) {
  if (typeof password !== "string" || !password.isWellFormed()) return false;
  const { length } = [...password.normalize("NFC")];
  return 15 <= length && length <= 256;
}
