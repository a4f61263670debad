// A login over a table of users, as a Worker with SQLite: each login leaves a hash of the current policy.

import { DurableObject } from "cloudflare:workers";
import { PasswordHasher } from "countersign/password";

/** The table. A hash is replaced only if it is still the one that was checked, so two logins at once lose nothing. */
export class Users extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.sql = state.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, stored TEXT NOT NULL)");
  }

  add(users) {
    for (const { name, stored } of users) this.sql.exec("INSERT INTO users VALUES (?, ?)", name, stored);
  }

  all() {
    return this.sql.exec("SELECT name, stored FROM users ORDER BY name").toArray();
  }

  storedOf(name) {
    return this.sql.exec("SELECT stored FROM users WHERE name = ?", name).toArray()[0]?.stored ?? null;
  }

  replace(name, stored, newHash) {
    const query = "UPDATE users SET stored = ? WHERE name = ? AND stored = ?";
    return this.sql.exec(query, newHash, name, stored).rowsWritten > 0;
  }
}

let hasher;

export default {
  async fetch(request, env) {
    // The most that the software in the table costs by default: Django's 100 MiB.
    hasher ??= new PasswordHasher({ pepper: JSON.parse(env.PEPPER), limits: { memoryKib: 102_400 } });
    const users = env.USERS.get(env.USERS.idFromName("users"));
    const { pathname } = new URL(request.url);
    if (pathname === "/add") {
      await users.add(await request.json());
      return new Response(null, { status: 204 });
    }
    if (pathname === "/all") return Response.json(await users.all());
    if (pathname !== "/login") return new Response(null, { status: 404 });
    const { name, password } = await request.json();
    const stored = await users.storedOf(name);
    const { ok, newHash } = hasher.verifyAndUpdate(password, stored);
    const replaced = newHash !== undefined && (await users.replace(name, stored, newHash));
    return Response.json({ ok, renewed: newHash !== undefined, replaced }, { status: ok ? 200 : 401 });
  },
};
