// Runs one statement on a database file: `database.mjs FILE SQL VALUES`. The values and the rows are JSON. Needs Node 22.

import { DatabaseSync } from "node:sqlite";

const [, , file, sql, values] = process.argv;
const database = new DatabaseSync(file, { timeout: 1000 });
console.log(JSON.stringify(database.prepare(sql).all(...JSON.parse(values))));
