/** A progress bar on standard error, if that is a terminal. */

import { shown } from "../report/text.js";
import { cleanups } from "./files.js";

/** The characters of the bar, if the terminal has room for them, and the fewest that are drawn. */
const WIDTH = 24;
const LEAST_WIDTH = 8;
/** The width of a terminal that does not tell it. */
const COLUMNS = 80;

/** Milliseconds between two drawings. */
const EVERY = 100;

const CLEAR_LINE = "\r\u001b[K";

export class Progress {
  readonly #isShown: boolean;
  #total: number | undefined;
  #bytes = 0;
  #drawnAt = 0;
  #isDrawn = false;
  readonly #clear = () => this.clear();

  /** @param sharesTerminal Whether the output goes to the same terminal. Nothing is drawn then. */
  constructor(sharesTerminal: boolean) {
    this.#isShown = process.stderr.isTTY === true && process.env.TERM !== "dumb" && !sharesTerminal;
    // When the command is stopped, whatever it says begins on a clear line.
    cleanups.add(this.#clear);
  }

  /** @param total The bytes of the file, if they are known. */
  begin(total: number | undefined): void {
    this.#total = total;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  show(rows: number, unreadable: number): void {
    if (!this.#isShown || performance.now() - this.#drawnAt < EVERY) return;
    this.#drawnAt = performance.now();
    this.#isDrawn = true;
    // A line that is broken could not be cleared.
    const room = (process.stderr.columns || COLUMNS) - 1;
    const counts = `${rows} rows${unreadable === 0 ? "" : `, ${unreadable} cannot be read`}`;
    const line = `${this.#bar(room - counts.length)}${counts}`;
    process.stderr.write(`${CLEAR_LINE}${shown(line.slice(0, room))}`);
  }

  clear(): void {
    if (this.#isDrawn) process.stderr.write(CLEAR_LINE);
    this.#isDrawn = false;
  }

  end(): void {
    this.clear();
    cleanups.delete(this.#clear);
  }

  /** How much of the file has been read, in at most as many characters as there is room for. */
  #bar(room: number): string {
    if (this.#total === undefined || this.#total === 0) return "";
    const share = Math.min(1, this.#bytes / this.#total);
    const percent = `${Math.round(share * 100)} %  `;
    const width = Math.min(WIDTH, room - percent.length - 3);
    if (width < LEAST_WIDTH) return percent.length <= room ? percent : "";
    const filled = Math.round(share * width);
    return `[${"#".repeat(filled)}${"-".repeat(width - filled)}] ${percent}`;
  }
}
