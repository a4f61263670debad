/** `import`: converts the users that another system exported. */

import type { PasswordDescription, PasswordHasher } from "../../inline/formats.js";
import { InputError, isCountersignError } from "../../report/failure.js";
import { limitsAsOption, limitThatRefuses, type NeededLimits, neededLimits } from "../../report/needed-limits.js";
import { adviceOnRefusal } from "../../report/refused-hash.js";
import { json, shown } from "../../report/text.js";
import type { Call, Outcome } from "../call.js";
import { DONE, Failure, REFUSED, usage } from "../failure.js";
import { nameInMessage, unreadable } from "../files.js";
import { expectFiles, filesOf } from "../import-files.js";
import { formatOf, sourceOf } from "../import-source.js";
import type { Sink } from "../partial-file.js";
import { Progress } from "../progress.js";
import { type ExportFormat, FIREBASE_COLUMNS, rowsOf, type SourceRow } from "../rows.js";
import { type System, systemOf } from "../systems.js";

/** How many unreadable rows are named, on the terminal and in JSON. */
const NAMED = { text: 20, json: 1000 };

export async function run(call: Call): Promise<Outcome> {
  const [path] = call.positionals;
  if (path === undefined) throw usage("name the file, or - for standard input");
  const isDry = call.has("dry-run");
  const out = call.text("out");
  expectOptions(call, isDry, out);
  expectFiles(call, path);
  const system = await systemOf(call);
  const { PasswordHasher: Hasher } = await import("../../inline/formats.js");
  const progress = new Progress(!isDry && out === undefined && process.stdout.isTTY === true);
  const [sink, rejects] = filesOf(call, isDry);
  const importer = new Import(system, Hasher, sink, rejects);
  try {
    await importer.read(call, path, progress);
    importer.close();
  } catch (thrown) {
    sink.abandon();
    rejects.abandon();
    throw thrown;
  }
  importer.finish();
  return importer.outcome(isDry, out);
}

function expectOptions(call: Call, isDry: boolean, out: string | undefined): void {
  for (const option of ["out", "rejects", "resume"]) {
    if (isDry && call.has(option)) throw usage(`--dry-run writes nothing: leave out --${option}`);
  }
  if (!isDry && out === undefined && call.has("json"))
    throw usage("--json needs --out or --dry-run: the rows go to standard output");
  if (call.has("resume") && out === undefined) throw usage("--resume needs --out");
}

/** A table has few costs. The limits of more are not computed. */
const MOST_COSTS = 100;

/** One pass over a file. */
class Import {
  readonly #system: System;
  readonly #Hasher: typeof PasswordHasher;
  readonly #hasher: PasswordHasher;
  readonly #sink: Sink;
  readonly #rejects: Sink;
  readonly #counts = new Map<string, number>();
  readonly #problems: { row: number; line: number; message: string }[] = [];
  #rows = 0;
  #withoutPassword = 0;
  #notPasswords = 0;
  #unreadable = 0;
  #withId = 0;
  #written = 0;
  /** The columns of the first row. */
  #columns: readonly string[] | undefined;
  /** How many hashes are above a default limit, and the limits that they need. */
  #aboveLimits = 0;
  readonly #limits: NeededLimits = {};
  readonly #seenCosts = new Set<string>();

  constructor(system: System, Hasher: typeof PasswordHasher, sink: Sink, rejects: Sink) {
    this.#system = system;
    this.#Hasher = Hasher;
    this.#hasher = new Hasher();
    this.#sink = sink;
    this.#rejects = rejects;
  }

  async read(call: Call, path: string, progress: Progress): Promise<void> {
    const source = sourceOf(call, path);
    progress.begin(source.size);
    const first = await source.first();
    const format = (call.text("format") as ExportFormat | undefined) ?? formatOf(path, first);
    const header = format === "csv" && call.text("from") === "firebase" ? FIREBASE_COLUMNS : undefined;
    try {
      for await (const row of rowsOf(
        source.chunks((bytes) => progress.add(bytes)),
        format,
        header,
      )) {
        this.#rows += 1;
        await this.#take(row);
        progress.show(this.#rows, this.#unreadable);
      }
    } catch (thrown) {
      throw unreadable(thrown, nameInMessage(path));
    } finally {
      progress.end();
    }
    if (this.#rows === 0) throw new Failure("INPUT_INVALID", "the file has no rows");
    for (const { line, message } of this.#problems.slice(0, NAMED.text)) call.note(`line ${line}: ${message}`);
    const more = this.#unreadable - NAMED.text;
    if (more > 0) call.note(`and ${more} more rows that cannot be read: --rejects FILE lists all`);
    const from = call.text("from");
    if (this.#hasNoHash()) call.warn("no row has a password: the export has no hashes, or is not one of this system");
    else if (this.#unreadable === this.#rows && from !== "hashes" && !this.#isOfSystem())
      call.note(`is this an export of ${from}? For a column with stored hashes, use --from hashes --column NAME`);
    else if (this.#unreadable === this.#rows && from === "hashes" && this.#namedColumns() !== "")
      call.note(this.#namedColumns());
    if (this.#written > 0 && this.#withId === 0) call.warn(this.#lacksIds());
  }

  /** Whether the rows are those of the system, and lack the hashes. */
  #isOfSystem(): boolean {
    return this.#problems.some(({ message }) => /\b(?:realm|REDACTED)\b/.test(message));
  }

  /** The user of no row could be told. */
  #lacksIds(): string {
    const [first = "id", ...others] = this.#system.ids;
    const isNear = (name: string) => [first, ...others].some((id) => id.toLowerCase() === name.toLowerCase());
    const near = this.#columns?.find((name) => isNear(name) && COLUMN.test(name));
    const columns = near === undefined && this.#namedColumns() !== "" ? `; ${this.#namedColumns()}` : "";
    return `no row has ${JSON.stringify(first)}: name its column with --id ${near ?? "NAME"}${columns}`;
  }

  /** The columns in words; empty if they may be values, as in CSV without a header. */
  #namedColumns(): string {
    const names = this.#columns ?? [];
    if (names.length === 0 || names.length > 60 || !names.every((name) => COLUMN.test(name))) return "";
    return `the columns are ${names.join(", ")}`;
  }

  /** Whether rows were read, and none has a password. A file of another shape looks so. */
  #hasNoHash(): boolean {
    return this.#withoutPassword + this.#notPasswords > 0 && this.#counts.size === 0;
  }

  async #take({ row, line, value, problem }: SourceRow): Promise<void> {
    let stored: string | null | undefined;
    const user = value === undefined ? undefined : (this.#system.unwrap?.(value) ?? value);
    if (user !== undefined) this.#columns ??= Object.keys(user);
    try {
      if (value === undefined) throw new Failure("INPUT_INVALID", problem ?? "row cannot be read");
      stored = this.#system.convert(value);
      this.#count(stored);
    } catch (thrown) {
      // An option is wrong for every row.
      if (isCountersignError(thrown) && thrown.code === "OPTION_INVALID") throw thrown;
      if (!isCountersignError(thrown) && !(thrown instanceof Failure || thrown instanceof InputError)) throw thrown;
      const advice = typeof stored === "string" ? adviceOnRefusal(stored, thrown.message) : undefined;
      if (advice !== undefined) thrown.message += `: ${advice}`;
      return this.#reject(row, line, thrown, idOf(user, this.#system.ids));
    }
    if (stored === undefined) return;
    const email = [user?.email, user?.primary_email_address].find((each) => typeof each === "string" && each !== "");
    const id = idOf(user, this.#system.ids);
    this.#written += 1;
    if (id !== null) this.#withId += 1;
    await this.#sink.write(row, `${json({ row, line, id, ...(email !== undefined && { email }), hash: stored })}\n`);
  }

  #count(stored: string | null | undefined): void {
    if (stored === undefined) this.#notPasswords += 1;
    if (stored === null) this.#withoutPassword += 1;
    if (typeof stored !== "string") return;
    const description = this.#hasher.describe(stored);
    const { scheme, format } = description;
    this.#countLimits(stored, description);
    const name = scheme === format ? scheme : `${scheme}, ${format}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  #countLimits(stored: string, description: PasswordDescription): void {
    if (limitThatRefuses(this.#hasher, stored) === undefined) return;
    this.#aboveLimits += 1;
    const costs = JSON.stringify(description);
    if (this.#seenCosts.has(costs) || this.#seenCosts.size === MOST_COSTS) return;
    this.#seenCosts.add(costs);
    for (const [name, value] of Object.entries(neededLimits(this.#Hasher, stored, description) ?? {}))
      this.#limits[name] = Math.max(value, this.#limits[name] ?? 0);
  }

  async #reject(row: number, line: number, thrown: Error & { code: string }, id: string | null): Promise<void> {
    this.#unreadable += 1;
    const message = shown(thrown.message.replace(/with fromColumns\b.*$/, "with --from columns --config FILE"));
    if (this.#problems.length < NAMED.json) this.#problems.push({ row, line, message });
    await this.#rejects.write(row, `${json({ row, line, id, code: thrown.code, message })}\n`);
  }

  close(): void {
    this.#sink.close();
    this.#rejects.close();
  }

  finish(): void {
    this.#sink.finish();
    this.#rejects.finish();
  }

  outcome(isDry: boolean, out: string | undefined): Outcome {
    const formats = Object.fromEntries([...this.#counts].sort(([, one], [, other]) => other - one));
    const [rows, unreadableRows] = [this.#rows, this.#unreadable];
    const [withoutPassword, notPasswords] = [this.#withoutPassword, this.#notPasswords];
    const option = Object.keys(this.#limits).length > 0 ? `: pass ${limitsAsOption(this.#limits)} to the hasher` : "";
    const lines = [
      `${rows} rows`,
      ...Object.entries(formats).map(([name, count]) => `${String(count).padStart(9)}  ${name}`),
      ...(this.#aboveLimits > 0
        ? [`${String(this.#aboveLimits).padStart(9)}  of them above a default limit${option}`]
        : []),
      ...(withoutPassword > 0 ? [`${String(withoutPassword).padStart(9)}  without a password`] : []),
      ...(notPasswords > 0 ? [`${String(notPasswords).padStart(9)}  not a password`] : []),
      ...(unreadableRows > 0 ? [`${String(unreadableRows).padStart(9)}  cannot be read`] : []),
      isDry ? "nothing was written" : out === undefined ? "" : `wrote ${shown(out)}`,
    ];
    const text = lines.filter((line) => line !== "").join("\n");
    // The rows are on standard output.
    if (!isDry && out === undefined) process.stderr.write(`${text}\n`);
    return {
      exitCode: unreadableRows === 0 && !this.#hasNoHash() ? DONE : REFUSED,
      json: {
        dryRun: isDry,
        file: out ?? null,
        rows,
        formats,
        aboveLimits: this.#aboveLimits,
        limits: this.#limits,
        withoutPassword,
        notPasswords,
        unreadable: unreadableRows,
        problems: this.#problems,
      },
      ...((isDry || out !== undefined) && { text }),
    };
  }
}

/** What is a name. A hash, an address or a number is a value. */
const COLUMN = /^(?![0-9a-f]{16,}$)[A-Za-z_][\w ]{0,39}$/i;

function idOf(value: Record<string, unknown> | undefined, names: readonly string[]): string | null {
  for (const name of names) {
    const id = value?.[name];
    if ((typeof id === "string" && id !== "") || typeof id === "number") return String(id);
    // MongoDB's exports, as Auth0's are.
    if (typeof id === "object" && id !== null && "$oid" in id) {
      if (typeof id.$oid === "string" && id.$oid !== "") return id.$oid;
    }
  }
  return null;
}
