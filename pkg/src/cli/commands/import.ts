/** `import`: converts the users that another system exported. */

import { createReadStream, statSync } from "node:fs";
import { extname } from "node:path";
import type { PasswordHasher } from "../../inline/formats.js";
import { InputError, isCountersignError } from "../../report/failure.js";
import { isUtf16, json, shown } from "../../report/text.js";
import type { Call, Outcome } from "../call.js";
import { DONE, Failure, REFUSED, usage } from "../failure.js";
import { inUtf16, nameInMessage, unreadable } from "../files.js";
import { expectFiles, rejectsOf, sinkOf } from "../import-files.js";
import type { Sink } from "../partial-file.js";
import { Progress } from "../progress.js";
import { type ExportFormat, FIREBASE_COLUMNS, MAX_ROW_BYTES, rowsOf, type SourceRow } from "../rows.js";
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
  const { PasswordHasher } = await import("../../inline/formats.js");
  const progress = new Progress(!isDry && out === undefined && process.stdout.isTTY === true);
  const importer = new Import(system, new PasswordHasher(), sinkOf(call, isDry), rejectsOf(call));
  try {
    await importer.read(call, path, progress);
  } finally {
    importer.close();
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

/** One pass over a file. */
class Import {
  readonly #system: System;
  readonly #hasher: PasswordHasher;
  readonly #sink: Sink;
  readonly #rejects: Sink;
  readonly #counts = new Map<string, number>();
  readonly #problems: { row: number; line: number; message: string }[] = [];
  #rows = 0;
  #withoutPassword = 0;
  #notPasswords = 0;
  #unreadable = 0;

  constructor(system: System, hasher: PasswordHasher, sink: Sink, rejects: Sink) {
    this.#system = system;
    this.#hasher = hasher;
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
    else if (this.#unreadable === this.#rows && from !== "hashes")
      call.note(`is this an export of ${from}? For a column with stored hashes, use --from hashes --column NAME`);
  }

  /** Whether rows were read, and none has a password. A file of another shape looks so. */
  #hasNoHash(): boolean {
    return this.#withoutPassword + this.#notPasswords > 0 && this.#counts.size === 0;
  }

  async #take({ row, line, value, problem }: SourceRow): Promise<void> {
    let stored: string | null | undefined;
    try {
      if (value === undefined) throw new Failure("INPUT_INVALID", problem ?? "row cannot be read");
      stored = this.#system.convert(value);
      this.#count(stored);
    } catch (thrown) {
      // An option is wrong for every row.
      if (isCountersignError(thrown) && thrown.code === "OPTION_INVALID") throw thrown;
      if (!isCountersignError(thrown) && !(thrown instanceof Failure || thrown instanceof InputError)) throw thrown;
      return this.#reject(row, line, thrown, idOf(value, this.#system.ids));
    }
    if (stored === undefined) return;
    const email = [value?.email, value?.primary_email_address].find((each) => typeof each === "string" && each !== "");
    const id = idOf(value, this.#system.ids);
    await this.#sink.write(row, `${json({ row, line, id, ...(email !== undefined && { email }), hash: stored })}\n`);
  }

  #count(stored: string | null | undefined): void {
    if (stored === undefined) this.#notPasswords += 1;
    if (stored === null) this.#withoutPassword += 1;
    if (typeof stored !== "string") return;
    const { scheme, format } = this.#hasher.describe(stored);
    const name = scheme === format ? scheme : `${scheme}, ${format}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
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
    const lines = [
      `${rows} rows`,
      ...Object.entries(formats).map(([name, count]) => `${String(count).padStart(9)}  ${name}`),
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
        withoutPassword,
        notPasswords,
        unreadable: unreadableRows,
        problems: this.#problems,
      },
      ...((isDry || out !== undefined) && { text }),
    };
  }
}

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

/** By the name of the file, or its first character. */
function formatOf(path: string, first: string): ExportFormat {
  const extension = extname(path).toLowerCase();
  if (extension === ".csv" || extension === ".tsv") return "csv";
  if (extension === ".jsonl" || extension === ".ndjson") return "jsonl";
  return first === "{" || first === "[" ? "json" : "csv";
}

interface Source {
  size: number | undefined;
  /** The first character that is not white space. */
  first(): Promise<string>;
  chunks(onBytes: (bytes: number) => void): AsyncIterable<Uint8Array>;
}

function sourceOf(call: Call, path: string): Source {
  if (path === "-") call.stdinTaken("the export");
  const name = nameInMessage(path);
  let size: number | undefined;
  try {
    if (path !== "-") size = statSync(path).size;
  } catch (thrown) {
    throw unreadable(thrown, name);
  }
  const stream = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 262_144 });
  const chunks = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  return {
    size,
    async first() {
      try {
        for (;;) {
          const { value, done } = await chunks.next();
          if (done === true) return "";
          if (waiting.length === 0 && isUtf16(value)) throw inUtf16(name);
          waiting.push(value);
          waitingBytes += value.length;
          const [first] = Buffer.from(value)
            .toString("utf8")
            .replace(/^\ufeff/, "")
            .trimStart();
          if (first !== undefined) return first;
          if (MAX_ROW_BYTES < waitingBytes)
            throw new Failure("INPUT_INVALID", `${name} begins with more than ${MAX_ROW_BYTES} bytes of white space`);
        }
      } catch (thrown) {
        throw unreadable(thrown, name);
      }
    },
    async *chunks(onBytes) {
      for (;;) {
        const next = waiting.shift() ?? (await chunks.next()).value;
        if (next === undefined) return;
        onBytes(next.length);
        yield next;
      }
    },
  };
}
