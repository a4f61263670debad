/** The ring that several servers share: reads it now and then, makes the changes that are due, and remembers what it read. */

import { CountersignError } from "../errors.js";
import { Key } from "../key.js";
import { KeySet } from "../key-set.js";
import { invalid } from "../options.js";
import { SingleFlight } from "../remote/single-flight.js";
import { newId } from "../secrets.js";
import { OLDER_ROW, type StoreRow, unavailable } from "../stores/store.js";
import type { KeyRingEvent, Settings } from "./options.js";
import {
  type Change,
  currentKey,
  firstRing,
  type Look,
  lookAt,
  MOST_KEYS,
  type NewKey,
  publishedKeys,
  type Ring,
  type RotationKind,
  ringToRotate,
  rotated,
  rotationNeedsKey,
  stayMs,
} from "./schedule.js";
import { Seal } from "./seal.js";

/** A ring that was read, with its keys. */
export interface Held {
  readonly ring: Ring;
  readonly writes: number;
  /** The keys to check tokens with, and to publish. */
  readonly keySet: KeySet;
  /** The key that signs. */
  readonly signingKey: Key;
  /** All published keys, by their `kid`. Those that sign no more are public. */
  readonly keys: ReadonlyMap<string, Key>;
}

/** A row, decrypted. */
interface ReadRow {
  readonly row: StoreRow;
  readonly ring: Ring;
  readonly writes: number;
  readonly held: Held;
}

type Changed = Pick<Look, "changes" | "ring">;

/** How often a write is tried again when another server came first. */
const MAX_TRIES = 12;
/** Of a look at the store: a few of its calls, each of which is limited too. */
const LOOK_LIMIT_MS = 12_000;
const FIRST_PAUSE_MS = 1000;
/** How long a call waits for a slow store while it has a ring to go on with. */
const PATIENCE_MS = 1000;
/** How long a token of an unknown key causes no further look. */
const COOLDOWN_MS = 5000;

export class SharedRing {
  readonly settings: Settings;
  readonly #seal: Seal;
  readonly #flight = new SingleFlight(LOOK_LIMIT_MS, () => {});
  #id = "";
  #held: Held | undefined;
  #error: unknown;
  #failures = 0;
  /** How long ago the store was read, as far as the clocks have shown, when they were last asked. */
  #age = 0;
  #askedAt = 0;
  #startedAt = 0;
  /** The age from which the store is read again. */
  #lookAge = 0;

  constructor(settings: Settings) {
    this.settings = settings;
    this.#seal = new Seal(settings.secrets, settings.name);
  }

  /**
   * The ring, at most a look old, or older if the store fails.
   *
   * @throws {CountersignError} `STORE_UNAVAILABLE`: the store has failed for too long. `OPTION_INVALID`: the secret is wrong.
   */
  async current(): Promise<Held> {
    if (this.#trusted() === undefined) await this.#flight.wait(() => this.#tryToLook());
    // During a look, other calls go on with the ring that was read before, and so does this one if the look takes long.
    else if (this.#lookAge <= this.#age && !this.#flight.isRunning) {
      await atMost(
        PATIENCE_MS,
        this.#flight.wait(() => this.#tryToLook()),
      );
    }
    return this.#usable();
  }

  /** A newer ring than this one, if the store has one and was not asked for it very recently. */
  async newerThan(held: Held): Promise<Held | undefined> {
    if (Math.min(COOLDOWN_MS, this.settings.schedule.lookMs) <= this.#ageNow())
      await this.#flight.wait(() => this.#tryToLook());
    const newer = this.#usable();
    return newer.keySet === held.keySet ? undefined : newer;
  }

  /** Replaces the signing key, and returns the ring that was written and the time. */
  async rotate(kind: RotationKind): Promise<{ held: Held; now: number }> {
    let made: NewKey | undefined;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const read = (await this.#read()) ?? (await this.#writeFirst());
      if (read === undefined) continue;
      const looker = this.#looker();
      const base = ringToRotate(read.ring, looker, this.settings.schedule, kind);
      // Withdrawing is never refused: it leaves one key.
      if (kind !== "withdraw" && MOST_KEYS <= publishedKeys(base.ring.keys).length) {
        throw invalid(`there are ${MOST_KEYS} keys whose tokens have not ended`);
      }
      if (rotationNeedsKey(base.ring, kind)) made ??= await this.#makeKey();
      // To make a key takes time, and `oldTokensEnd` counts from here.
      const { now } = this.#looker();
      const { ring, changes } = rotated(base.ring, now, kind, made as NewKey);
      const wanted = { ring, changes: [...base.changes, ...changes] };
      const written = ring === read.ring ? read : await this.#writeOrMakeRoom(read, wanted, base);
      if (written !== undefined) return { held: written.held, now };
    }
    throw tooManyChanges();
  }

  #usable(): Held {
    const held = this.#trusted();
    if (held !== undefined) return held;
    throw this.#error ?? unavailable("the store took too long");
  }

  /** What was read last, unless that is too long ago. */
  #trusted(): Held | undefined {
    return this.#ageNow() < this.settings.schedule.trustedMs ? this.#held : undefined;
  }

  /** Never rejects. The error is thrown by a call that has no ring to go on with. */
  async #tryToLook(): Promise<void> {
    try {
      await this.#look();
      this.#failures = 0;
      this.#error = undefined;
    } catch (error) {
      this.#failures += 1;
      const pause = Math.min(this.settings.schedule.lookMs, FIRST_PAUSE_MS * 2 ** (this.#failures - 1));
      // After an age that is not known, each call tries.
      this.#lookAge = this.#ageNow() + pause;
      this.#error = error instanceof CountersignError ? error : unavailable("the key ring failed", error);
      this.#tell({ type: "failed", error });
    }
  }

  async #look(): Promise<void> {
    let made: NewKey | undefined;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const read = await this.#read();
      if (read === undefined) {
        if ((await this.#writeFirst()) !== undefined) return;
        continue;
      }
      const { schedule } = this.settings;
      const withoutKey = lookAt(read.ring, this.#looker(), schedule);
      if (withoutKey.needsKey) made ??= await this.#makeKey();
      const look = withoutKey.needsKey ? lookAt(read.ring, this.#looker(), schedule, made) : withoutKey;
      // Also when the secret was replaced, so that the old one can go.
      if (look.ring === read.ring && (await this.#seal.isCurrent(read.row.value))) return;
      if (await this.#writeOrMakeRoom(read, look, withoutKey)) return;
    }
    throw tooManyChanges();
  }

  #looker(): { id: string; now: number } {
    // Not earlier: Workers have no random numbers at start-up.
    if (this.#id === "") this.#id = newId();
    return { id: this.#id, now: Date.now() };
  }

  async #read(): Promise<ReadRow | undefined> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const known = this.#trustedWrites();
      const asked = performance.now();
      const row = await this.settings.store.get(this.#key);
      const read = row && { row, ...(await this.#seal.open(row.value)) };
      const writes = read?.writes ?? 0;
      if (writes < this.#trustedWrites()) {
        // A store that was restored from a backup, for example. Later, what it has is accepted.
        if (writes < known) throw unavailable(OLDER_ROW);
        // Another call of this server wrote while the answer was on its way.
        continue;
      }
      if (read === undefined) return undefined;
      const ring = JSON.parse(read.text) as Ring;
      return { row: read.row, ring, writes, held: this.#accept(ring, writes, asked) };
    }
    throw tooManyChanges();
  }

  /** Writes a ring with one key, unless another server was first. */
  async #writeFirst(): Promise<ReadRow | undefined> {
    const ring = firstRing(await this.#makeKey(), this.#looker());
    const key = currentKey(ring.keys);
    return this.#write(undefined, ring, [
      { type: "made", key },
      { type: "signing", key },
    ]);
  }

  /**
   * Writes a changed ring; `undefined` if another server was first. If the store fails, perhaps because the row has become too large,
   * the changes without a new key are written: they end old keys, or agree that keys end, and then there is room.
   */
  async #writeOrMakeRoom(before: ReadRow, wanted: Changed, withoutKey: Changed): Promise<ReadRow | undefined> {
    try {
      return await this.#write(before, wanted.ring, wanted.changes);
    } catch (thrown) {
      if (wanted.ring !== withoutKey.ring && withoutKey.ring !== before.ring)
        await this.#write(before, withoutKey.ring, withoutKey.changes).catch(() => {});
      throw thrown;
    }
  }

  /** Writes a changed ring; `undefined` if another server was first. */
  async #write(before: ReadRow | undefined, ring: Ring, changes: readonly Change[]): Promise<ReadRow | undefined> {
    const writes = (before?.writes ?? 0) + 1;
    const value = await this.#seal.close({ text: JSON.stringify(ring), writes });
    // It never expires. With an owner, a store in memory drops it last.
    const row = { value, owner: this.#key, expiresAt: Number.MAX_SAFE_INTEGER };
    const asked = performance.now();
    if (!(await this.settings.store.replace(this.#key, before?.row.value, row))) return undefined;
    const held = this.#accept(ring, writes, asked);
    for (const { key, type } of changes) {
      const signsFrom = key.stage === "next" ? key.since + stayMs("next", this.settings.schedule) : key.since;
      this.#tell({ type, kid: key.kid, ...(type === "made" && { signsFrom: new Date(signsFrom) }) });
    }
    return { row, ring, writes, held };
  }

  get #key(): string {
    return `key-ring:${this.settings.name}`;
  }

  async #makeKey(): Promise<NewKey> {
    const { alg } = this.settings.schedule;
    const key = await Key.generateAsync(alg);
    const kid = key.thumbprint();
    const jwk = { ...key.toJwk({ private: true }), kid };
    key.free();
    return { kid, alg, jwk, madeAt: Date.now() };
  }

  /** The count of changes behind which the store may not go back. */
  #trustedWrites(): number {
    return this.#trusted()?.writes ?? 0;
  }

  /**
   * Holds a ring, and returns it with its keys. An answer that came late is not held: what this server holds was written after it,
   * and may have withdrawn a key.
   *
   * @param asked When the store was asked, by the monotonic clock. The answer may be that old.
   */
  #accept(ring: Ring, writes: number, asked: number): Held {
    const held = this.#held;
    const hasSameKeys = held !== undefined && namesOf(held.ring) === namesOf(ring);
    const accepted: Held = { ...(hasSameKeys ? held : keysOf(ring, held?.keys)), ring, writes };
    if (writes < this.#trustedWrites()) return accepted;
    this.#held = accepted;
    this.#age = performance.now() - asked;
    this.#askedAt = Date.now();
    this.#startedAt = asked;
    this.#lookAge = this.settings.schedule.lookMs;
    return accepted;
  }

  /**
   * How long ago the store was read: what the clock says, or what the monotonic clock says if that is more. If the clock was set
   * back, nobody knows, so the store must be read again.
   */
  #ageNow(): number {
    const now = Date.now();
    const passed = now - this.#askedAt;
    if (passed < 0) this.#lookAge = 0;
    const isKnown = -this.settings.schedule.skewMs <= passed;
    const age = isKnown ? this.#age + Math.max(0, passed) : Number.POSITIVE_INFINITY;
    this.#age = Math.max(age, performance.now() - this.#startedAt);
    this.#askedAt = now;
    return this.#age;
  }

  #tell(event: KeyRingEvent): void {
    // A log that fails must not stop the signing, also if it is asynchronous.
    const told = async () => this.settings.onEvent?.(event);
    told().catch(() => {});
  }
}

/** The published keys and the one that signs, as text. */
function namesOf({ keys }: Ring): string {
  return publishedKeys(keys)
    .map(({ kid, stage }) => `${kid} ${stage === "current"}`)
    .join();
}

/** The keys of a ring. To read a key takes time, so those that are known are used again. */
function keysOf(ring: Ring, known: ReadonlyMap<string, Key> | undefined): Omit<Held, "ring" | "writes"> {
  const keys = new Map<string, Key>();
  for (const { jwk, kid, stage } of publishedKeys(ring.keys)) {
    const found = known?.get(kid);
    const isEnough = stage === "old" || found?.type === "private";
    const key = found !== undefined && isEnough ? found : Key.fromJwk(jwk);
    keys.set(kid, stage === "old" ? key.publicKey() : key);
  }
  const signingKey = keys.get(currentKey(ring.keys).kid) as Key;
  return { keySet: publicSet(keys.values()), signingKey, keys };
}

/** A set of the public halves. */
export function publicSet(keys: Iterable<Key>): KeySet {
  return new KeySet(Array.from(keys, (key) => key.publicKey()));
}

async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

const tooManyChanges = () => unavailable("too many changes of the key ring at once");
