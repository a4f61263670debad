/** Nonces that a server gives to clients (RFC 9449 §8). Nothing is stored: a nonce is a time and a MAC. */

import type { Macs } from "../session/mac.js";

/** Makes nonces and checks them. */
export class Nonces {
  readonly #macs: Macs;
  readonly #stepMs: number;

  /**
   * @param seconds How long a nonce is accepted. Within the first half of that time, the client keeps it; later, it is given
   * the next one.
   */
  constructor(macs: Macs, seconds: number) {
    this.#macs = macs;
    this.#stepMs = seconds * 500;
  }

  /** The nonce of this time. All clients get the same, and nobody can guess the next. */
  current(now: number): Promise<string> {
    return this.#make(this.#step(now));
  }

  /** `"current"`, `"ending"` if the client needs the next one, or `"invalid"`. */
  async judge(nonce: string, now: number): Promise<"current" | "ending" | "invalid"> {
    const [, digits, mac = ""] = nonce.match(/^(0|[1-9]\d{0,14})\.([\w-]{43})$/) ?? [];
    if (digits === undefined || !(await this.#macs.verify(mac, message(Number(digits))))) return "invalid";
    const age = this.#step(now) - Number(digits);
    // Another server's clock may be a little ahead.
    if (age === 0 || age === -1) return "current";
    return age === 1 ? "ending" : "invalid";
  }

  /** When a nonce that is accepted now has ended. */
  endOf(now: number): number {
    return (this.#step(now) + 3) * this.#stepMs;
  }

  #step(now: number): number {
    return Math.floor(now / this.#stepMs);
  }

  async #make(step: number): Promise<string> {
    return `${step}.${await this.#macs.make(message(step))}`;
  }
}

const message = (step: number) => `countersign DPoP nonce\n${step}`;
