/** The options of `Sessions`. */

import { lifetime } from "../lifetime.js";
import { invalid, type OptionReader, optionalFunction, readOptions } from "../options.js";
import type { SessionSecret } from "../secrets.js";
import { CheckedStore, type Store } from "../stores/store.js";
import { checkSigner } from "../token-signer.js";
import { secretOption } from "./mac.js";
import { RefreshTokens } from "./refresh-token.js";

/** Signs access tokens: a `Signer`, or an object of the same shape, which may be asynchronous. */
export interface SessionSigner {
  /** Preferred where it exists: keys that are kept elsewhere have only this. */
  signAsync?(claims: object, o: { expiresIn: number; now: Date }): Promise<string>;
  sign(claims: object, o: { expiresIn: number; now: Date }): string | Promise<string>;
}

/** Something that belongs into an audit log. It contains no token. */
export interface SessionEvent {
  /**
   * `"login"`: a session was started. `"refresh"`: it was refreshed. `"repeat"`: the same refresh token came again within
   * `grace`. `"reuse"`: it came later, and the session was ended. `"wrong-key"`: it came without a proof of the key that the
   * session is bound to, and was refused. `"logout"`: the session was ended by `end` or `endAll`.
   */
  readonly type: "login" | "refresh" | "repeat" | "reuse" | "wrong-key" | "logout";
  readonly subject: string;
  readonly sessionId: string;
}

/** Options of {@link Sessions}. Durations are seconds, or texts such as `"15m"`. */
export interface SessionsOptions {
  /** Signs the access tokens: a `Signer` with an issuer and an audience. */
  signer: SessionSigner;
  /** Where sessions are kept: `memoryStore()`, `sqliteStore(database)`, or your own. */
  store: Store;
  /**
   * Makes refresh tokens unforgeable: at least 32 random bytes. To replace it, pass a list: the first makes new tokens, and
   * those of the others stay valid. `Sessions` for another audience need another secret: with the same one and the same store, each
   * accepts the refresh tokens of the other.
   */
  secret: SessionSecret | readonly SessionSecret[];
  /** The lifetime of an access token. Default 15 minutes. */
  accessExpiresIn?: number | string;
  /** How long a session lives without being refreshed. Default 14 days. */
  idleExpiresIn?: number | string;
  /** How long a session lives at most. Default 90 days. */
  absoluteExpiresIn?: number | string;
  /**
   * How long the same refresh token gets the same answer again: for two tabs at once, or for a response that was lost.
   * Afterwards, it ends the session. `0`: never. At most 5 minutes. Default 10 seconds.
   */
  grace?: number | string;
  /**
   * How long `isLive` trusts what the store said last, for at most 10000 sessions. A session that another process ends lives
   * that much longer. Default 0: the store is asked each time. At most 5 minutes.
   */
  liveFor?: number | string;
  /** Gets what happens, for an audit log. It must not throw. */
  onEvent?: (event: SessionEvent) => void;
}

/** Options that were read. */
export interface Settings {
  readonly signer: SessionSigner;
  readonly store: CheckedStore;
  readonly tokens: RefreshTokens;
  readonly accessExpiresIn: number;
  readonly idleMs: number;
  readonly absoluteMs: number;
  readonly graceMs: number;
  readonly liveForMs: number;
  readonly onEvent: ((event: SessionEvent) => void) | undefined;
}

const DAY = 24 * 3600;
const LONGEST_GRACE = 300;

/** @throws {CountersignError} `OPTION_INVALID`. */
export function readSettings(options: SessionsOptions): Settings {
  const read = readOptions(options, {
    signer: (name, value) => {
      checkSigner(name, value);
      return value as SessionSigner;
    },
    store: (name, value) => new CheckedStore(name, value),
    secret: secretOption,
    accessExpiresIn: lifetime(900),
    idleExpiresIn: lifetime(14 * DAY),
    absoluteExpiresIn: lifetime(90 * DAY),
    grace: upTo(10),
    liveFor: upTo(0),
    onEvent: optionalFunction<(event: SessionEvent) => void>(),
  });
  const { accessExpiresIn, onEvent, secret, signer, store } = read;
  const [idleMs, absoluteMs] = [read.idleExpiresIn * 1000, read.absoluteExpiresIn * 1000];
  return {
    signer,
    store,
    tokens: new RefreshTokens(secret),
    accessExpiresIn,
    idleMs,
    absoluteMs,
    graceMs: read.grace * 1000,
    liveForMs: read.liveFor * 1000,
    onEvent,
  };
}

/** A short time, or 0. */
function upTo(byDefault: number): OptionReader<number> {
  return (name, value) => {
    if (value === 0 || (value === undefined && byDefault === 0)) return 0;
    const seconds = lifetime(byDefault)(name, value);
    if (LONGEST_GRACE < seconds) throw invalid(`option "${name}" is longer than ${LONGEST_GRACE} seconds`);
    return seconds;
  };
}
