/** The options of `KeyRing`. */

import type { Bytes } from "../bytes.js";
import { KeySet } from "../key-set.js";
import { lifetime } from "../lifetime.js";
import { invalid, type OptionReader, optionalFunction, readOptions, shortName } from "../options.js";
import { type SessionSecret, secretsOption } from "../secrets.js";
import { CheckedStore, type Store } from "../stores/store.js";
import type { Algorithm, AsymmetricAlgorithm } from "../types.js";
import type { Schedule } from "./schedule.js";

/** Something that happened to a key, for a log. It contains no secret. */
export interface KeyRingEvent {
  /**
   * `"made"`: a key was made, and is published from now on. `"signing"`: it signs from now on. `"withdrawn"`: `rotate` has
   * withdrawn it. `"retired"`: no server publishes it any more. `"failed"`: the store or the secret failed, or a key could not be
   * made. The server that makes a change reports it, so each is reported once, or not at all if the store fails after it has written.
   */
  readonly type: "made" | "signing" | "withdrawn" | "retired" | "failed";
  /** The `kid` of the key. Not with `"failed"`. */
  readonly kid?: string;
  /** With `"made"`: when the key may sign, if the clocks are right. */
  readonly signsFrom?: Date;
  /** With `"failed"`: what was thrown. */
  readonly error?: unknown;
}

/** Options of {@link KeyRing}. Durations are seconds, or texts such as `"30d"`. */
export interface KeyRingOptions {
  /** The algorithm of new keys. After a change, the next key has the new one. Keys of other algorithms stay until they end. */
  alg: AsymmetricAlgorithm;
  /** Where the keys are kept, in one encrypted row: `sqliteStore(database)`, or another store. Servers that share it share the keys. */
  store: Store;
  /**
   * Encrypts the row: at least 32 random bytes. It may be the secret of the sessions. To replace it, deploy `[old, new]` to all
   * servers, then `[new, old]`, then `new`: the first encrypts, and all decrypt.
   */
  secret: SessionSecret | readonly SessionSecret[];
  /** For how long a key signs. At least `publishedAhead` and twice `clockTolerance`. */
  rotateEvery: number | string;
  /** How long tokens live at most. The signer refuses to sign a token that lives longer. */
  tokensLiveFor: number | string;
  /**
   * How long a key is published before it signs: at least twice as long as anybody keeps the published keys. `jwksEndpoint` lets
   * caches keep them for half of it at most. Default 1 hour, or a quarter of `rotateEvery` if that is shorter.
   */
  publishedAhead?: number | string;
  /**
   * By how much the clock of a server may be wrong. From 0 to 1 hour. Default 1 minute, or a sixteenth of `publishedAhead` if that is
   * shorter.
   */
  clockTolerance?: number | string;
  /** The name of the row, for several rings in one store: letters, digits, `-` and `_`. Default `"default"`. */
  name?: string;
  /** Gets what happens. What it throws is ignored. */
  onEvent?: (event: KeyRingEvent) => void;
}

/** Options that were read. */
export interface Settings {
  readonly schedule: Schedule;
  readonly store: CheckedStore;
  readonly secrets: readonly Bytes[];
  readonly name: string;
  readonly onEvent: ((event: KeyRingEvent) => void) | undefined;
}

/** How many times as long as a key signs may its tokens live: otherwise, the ring would hold too many keys. */
const MOST_LIVES = 32;
const MINUTE = 60;
const HOUR = 3600;
const TEN_YEARS = 3650 * 24 * HOUR;
const LONGEST_LOOK_MS = 60_000;

/** @throws {CountersignError} `OPTION_INVALID`. */
export function readSettings(options: KeyRingOptions): Settings {
  const read = readOptions(options, {
    alg: readAlgorithm,
    store: (name, value) => new CheckedStore(name, value),
    secret: secretsOption,
    rotateEvery: duration(),
    tokensLiveFor: duration(),
    publishedAhead: optional(duration()),
    clockTolerance: optional(tolerance),
    name: shortName("default"),
    onEvent: optionalFunction<(event: KeyRingEvent) => void>(),
  });
  const { name, onEvent, rotateEvery, secret, store, tokensLiveFor } = read;
  const publishedAhead = read.publishedAhead ?? Math.min(HOUR, rotateEvery / 4);
  const clockTolerance = read.clockTolerance ?? Math.min(MINUTE, publishedAhead / 16);
  if (rotateEvery < publishedAhead + 2 * clockTolerance)
    throw invalid('option "rotateEvery" is shorter than "publishedAhead" and twice "clockTolerance"');
  if (MOST_LIVES * rotateEvery < tokensLiveFor)
    throw invalid(`option "tokensLiveFor" is more than ${MOST_LIVES} times "rotateEvery"`);
  const aheadMs = publishedAhead * 1000;
  const schedule = {
    alg: read.alg,
    rotateMs: rotateEvery * 1000,
    livesMs: tokensLiveFor * 1000,
    aheadMs,
    skewMs: 2000 * clockTolerance,
    trustedMs: aheadMs / 2,
    lookMs: Math.min(LONGEST_LOOK_MS, aheadMs / 8),
  };
  return { schedule, store, secrets: secret, name, onEvent };
}

const readAlgorithm: OptionReader<AsymmetricAlgorithm> = (name, value) => {
  if (value === undefined) throw invalid(`missing option "${name}"`);
  // The core knows the algorithms.
  KeySet.fromJwks({ keys: [] }, { alg: value as Algorithm }).free();
  if ((value as string).startsWith("HS")) throw invalid(`option "${name}" is for secrets, which cannot be published`);
  return value as AsymmetricAlgorithm;
};

function duration(): OptionReader<number> {
  return (name, value) => {
    if (value === undefined) throw invalid(`missing option "${name}"`);
    const seconds = lifetime()(name, value);
    if (TEN_YEARS < seconds) throw invalid(`option "${name}" is longer than 10 years`);
    return seconds;
  };
}

function optional(reader: OptionReader<number>): OptionReader<number | undefined> {
  return (name, value) => (value === undefined ? undefined : reader(name, value));
}

const tolerance: OptionReader<number> = (name, value) => {
  if (value === 0) return 0;
  const seconds = lifetime()(name, value);
  if (HOUR < seconds) throw invalid(`option "${name}" is longer than 1 hour`);
  return seconds;
};
