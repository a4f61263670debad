/**
 * Starts the login system.
 *
 *   PORT           default 3000
 *   DATABASE       a file, default login.db: users, sessions and keys
 *   JWT_SECRET     the secret that jsonwebtoken signed with, as long as its tokens live
 */

import { createApp } from "./app.mjs";
import { openDatabase } from "./database.mjs";

const database = openDatabase(process.env.DATABASE ?? "login.db");
const app = createApp(database, { oldSecret: process.env.JWT_SECRET });

const server = app.listen(process.env.PORT ?? 3000, "127.0.0.1", (error) => {
  if (error !== undefined) throw error;
  console.log(`http://localhost:${server.address().port}`);
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    server.close(() => database.close());
    server.closeIdleConnections();
  });
}
