/** A progress bar on standard error, if that is a terminal. */

import { shown } from "../report/text.js";

const WIDTH = 24;

/** Milliseconds between two drawings. */
const EVERY = 100;

export class Progress {
  readonly #total: number | undefined;
  readonly #isShown = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  #bytes = 0;
  #drawnAt = 0;
  #isDrawn = false;

  /** @param total The bytes of the file, if they are known. */
  constructor(total: number | undefined) {
    this.#total = total;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  show(rows: number, unreadable: number): void {
    if (!this.#isShown || performance.now() - this.#drawnAt < EVERY) return;
    this.#drawnAt = performance.now();
    this.#isDrawn = true;
    const share = this.#total === undefined || this.#total === 0 ? undefined : Math.min(1, this.#bytes / this.#total);
    const filled = Math.round((share ?? 0) * WIDTH);
    const bar =
      share === undefined ? "" : `[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${Math.round(share * 100)} %  `;
    const problems = unreadable === 0 ? "" : `, ${unreadable} cannot be read`;
    process.stderr.write(`\r\u001b[K${shown(`${bar}${rows} rows${problems}`)}`);
  }

  clear(): void {
    if (this.#isDrawn) process.stderr.write("\r\u001b[K");
  }
}
