// Runs the recipes on a real database and prints what came of it: node program.mjs <folder of the compiled recipes>.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { hashPassword as hashAsBetterAuth } from "@better-auth/utils/password";
import { getMigrations } from "better-auth/db/migration";
import { PasswordHasher } from "countersign";
import { MARK } from "../runtimes/runners/process.mjs";
import { PASSWORD, RECIPES } from "./recipes.mjs";
import { databaseOf } from "./sqlite.mjs";

const hasher = new PasswordHasher();
const weak = new PasswordHasher({ params: { memoryKib: 64, passes: 1 } }).hash(PASSWORD);
const load = (name) => import(pathToFileURL(join(process.argv[2], `${name}.js`)).href);

/** One recipe: the first log-in with each kind of old hash, two at once, and what must not happen. */
async function follow(name, { table, row, column, prefix = "", logIn, old, never = [] }) {
  const recipe = await load(name);
  const begin = (hash, o) => {
    const database = databaseOf(table, { ...row, [column]: hash }, o);
    const enter = (...given) => logIn(recipe, database, ...given).catch(({ code, message }) => code ?? message);
    const stored = () => database.row()[column];
    return { ...database, enter, stored };
  };

  const replaced = {};
  for (const [kind, hash] of Object.entries({ ...old, "a weaker Argon2id": prefix + weak })) {
    const { enter, stored, updates } = begin(hash);
    const wrong = await enter("Tr0ub4dor&3");
    const untouched = stored() === hash;
    const [first, second] = [await enter(PASSWORD), await enter(PASSWORD)];
    replaced[kind] = { wrong, untouched, first, second, updates, stored: stored() };
  }

  const two = begin(prefix + weak, { together: 2 });
  const entered = await Promise.all([two.enter(PASSWORD), two.enter(PASSWORD)]);
  const atOnce = { entered, updates: two.updates.sort(), again: await two.enter(PASSWORD) };

  const another = prefix + hasher.hash("a password of the meantime");
  const changing = begin(prefix + weak, { meanwhile: () => changing.set(column, another) });
  const changed = { entered: await changing.enter(PASSWORD), kept: changing.stored() === another };

  const unknown = await begin(prefix + weak).enter(PASSWORD, "mallory");
  const refused = await Promise.all(never.map((hash) => begin(hash).enter(PASSWORD)));
  const notText = await begin(prefix + weak).enter("\ud800");
  const tooLong = await begin(prefix + weak).enter("a".repeat(5000));
  return { replaced, atOnce, changed, unknown, refused, notText, tooLong, unreadable: await enterWithNoHash(begin) };
}

/** The answer for a row that is no hash, and how often the hasher was asked. */
async function enterWithNoHash(begin) {
  const { verifyAndUpdateAsync } = PasswordHasher.prototype;
  let checks = 0;
  PasswordHasher.prototype.verifyAndUpdateAsync = function (...given) {
    checks += 1;
    return verifyAndUpdateAsync.apply(this, given);
  };
  const entered = await begin("not a hash").enter(PASSWORD);
  PasswordHasher.prototype.verifyAndUpdateAsync = verifyAndUpdateAsync;
  return { entered, checks };
}

/** The recipe that needs no statements. */
async function followBetterAuth() {
  const { createAuth } = await load("better-auth");
  const database = new DatabaseSync(":memory:");
  const auth = createAuth(database, "a secret of the test, and of nobody else");
  await (await getMigrations(auth.options)).runMigrations();
  const body = { email: "alice@example.com", name: "Alice", password: PASSWORD };
  await auth.api.signUpEmail({ body });
  const stored = () => database.prepare("SELECT password FROM account").get().password;
  const enter = async () => (await auth.api.signInEmail({ body })).user.email;
  const replaced = {};
  for (const [kind, hash] of Object.entries({ weak, "salt:key": await hashAsBetterAuth(PASSWORD) })) {
    database.prepare("UPDATE account SET password = ?").run(hash);
    replaced[kind] = { first: await enter().catch(({ code }) => code), stored: stored() };
  }
  return replaced;
}

const results = {};
for (const [name, recipe] of Object.entries(RECIPES)) results[name] = await follow(name, recipe);
console.log(MARK + JSON.stringify({ results, betterAuth: await followBetterAuth() }));
