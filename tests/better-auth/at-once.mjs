// better-auth on SQLite, and two who sign in at once as the user whose hash is to be replaced.

import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { PasswordHasher } from "countersign";
import { betterAuthPassword } from "countersign/better-auth";
import { MARK } from "../runtimes/runners/process.mjs";

const database = new DatabaseSync(":memory:");
const body = { email: "alice@example.com", name: "Alice", password: "correct horse battery staple" };
const updates = [];
const told = [];

// Neither stores before both have checked.
let waiting = 0;
let go;
const both = new Promise((resolve) => {
  go = resolve;
});

const options = {
  baseURL: "http://localhost:3000",
  secret: "a secret of the test, and of nobody else",
  database,
  telemetry: { enabled: false },
  logger: { disabled: true },
  emailAndPassword: {
    enabled: true,
    password: betterAuthPassword(new PasswordHasher(), {
      async onRehash({ hash, newHash }) {
        waiting += 1;
        if (waiting === 2) go();
        await both;
        told.push(newHash);
        const { adapter } = await auth.$context;
        const where = [{ field: "password", value: hash }];
        updates.push(await adapter.updateMany({ model: "account", where, update: { password: newHash } }));
      },
    }),
  },
};
const auth = betterAuth(options);
await (await getMigrations(options)).runMigrations();
await auth.api.signUpEmail({ body });
const weak = new PasswordHasher({ params: { memoryKib: 64, passes: 1 } }).hash(body.password);
database.prepare("UPDATE account SET password = ?").run(weak);

const signIn = async () => (await auth.api.signInEmail({ body })).user.email;
const signedIn = await Promise.all([signIn(), signIn()]);
const { password: stored } = database.prepare("SELECT password FROM account").get();
console.log(MARK + JSON.stringify({ updates, signedIn, stored, told }));
