/**
 * When keys change, as pure functions of the ring and a clock.
 *
 * | stage | published | signs | until |
 * |---|---|---|---|
 * | `next` | yes | no | everybody who keeps the published keys has seen it |
 * | `current` | yes | yes | the next key signs |
 * | `old` | yes | no | the last token that it signed has ended, wherever it was signed |
 * | `ended` | no | no | no server that has missed the change can publish it any more |
 *
 * The stage is in the store, not computed from a clock. A clock that was set back changes nothing, and one that was set forward needs
 * the agreement of a second server before it changes anything.
 */

import type { AsymmetricAlgorithm, JsonWebKey } from "../types.js";

/** A key of the ring. Times are milliseconds since 1970. */
export interface RingKey {
  readonly kid: string;
  readonly alg: string;
  /** With its private members while the key can sign. */
  readonly jwk: JsonWebKey;
  readonly stage: "next" | "current" | "old" | "ended";
  /** When it was made. */
  readonly madeAt: number;
  /** When it came to its stage, by the clock of the server that wrote it. */
  readonly since: number;
}

/** A key that was just made: the ring decides when it signs. */
export type NewKey = Omit<RingKey, "stage" | "since">;

/** The server that has announced itself last. Whether another one has seen that: `isShared`. */
interface Presence {
  readonly id: string;
  readonly at: number;
  readonly isShared: boolean;
}

/** A change that a server has found due, and that waits for agreement. */
interface Proposal {
  readonly change: string;
  readonly at: number;
  readonly by: string;
}

/** The keys, the oldest first. One is `current`, and at most one is `next`. */
export interface Ring {
  readonly keys: readonly RingKey[];
  readonly presence: Presence;
  readonly proposal?: Proposal;
}

/** Durations in milliseconds. */
export interface Schedule {
  readonly alg: AsymmetricAlgorithm;
  readonly rotateMs: number;
  readonly livesMs: number;
  readonly aheadMs: number;
  /** By how much two clocks may differ. */
  readonly skewMs: number;
  /** How long a server goes on with the keys that it has read when the store fails. Caches keep them for as long at most. */
  readonly trustedMs: number;
  /** How often a server looks at the store. */
  readonly lookMs: number;
}

/** What happened to a key. */
export interface Change {
  readonly type: "made" | "signing" | "withdrawn" | "retired";
  readonly key: RingKey;
}

/** A server that looks at the ring, and its clock. */
export interface Looker {
  readonly id: string;
  readonly now: number;
}

/** What a look has found. */
export interface Look {
  /** The same object if nothing has changed. */
  readonly ring: Ring;
  readonly changes: readonly Change[];
  /** Whether the next key is due. If none was passed, make one and call again with it. */
  readonly needsKey: boolean;
}

/** How long a key stays in its stage at least. */
export function stayMs(stage: RingKey["stage"], { aheadMs, livesMs, skewMs, trustedMs }: Schedule): number {
  switch (stage) {
    case "next":
      return aheadMs + skewMs;
    case "current":
      return Number.POSITIVE_INFINITY;
    case "old":
      // Skews of the server that signed, of the one that verifies, and of the two that wrote the changes.
      return livesMs + trustedMs + 3 * skewMs;
    case "ended":
      return trustedMs + skewMs;
  }
}

/** A new ring with its first key, which signs at once: nobody can have kept a set without it. */
export function firstRing(made: NewKey, { id, now }: Looker): Ring {
  return { keys: [{ ...made, stage: "current", since: now }], presence: { id, at: now, isShared: false } };
}

/** The ring as it should be now. */
export function lookAt(ring: Ring, looker: Looker, schedule: Schedule, made?: NewKey): Look {
  const { now } = looker;
  const isAlone = hasBeenAlone(ring.presence, looker, schedule);
  const changes: Change[] = [];
  let next = announce(ring, looker, schedule);
  /** The time of the agreement. No other agreement is needed for changes that were due then. */
  let agreedAt: number | undefined;
  let due = dueChange(next, now, schedule);
  while (due !== undefined) {
    if (isAgreed(next.proposal, due.name, looker, schedule)) agreedAt = next.proposal?.at;
    const wasDue = agreedAt !== undefined && dueBefore(next, agreedAt, now, schedule)?.name === due.name;
    if (!isAlone && !wasDue) break;
    const { proposal: _, ...others } = next;
    next = { ...others, keys: due.keys };
    changes.push(...due.changes);
    due = dueChange(next, now, schedule);
  }
  next = withProposal(next, due?.name, looker, schedule);
  // To make a key needs no agreement, only times that are not ahead.
  const needsKey = due?.name !== DATE && isNextDue(next, now, schedule);
  if (needsKey && made !== undefined) {
    const key: RingKey = { ...made, stage: "next", since: now };
    next = { ...next, keys: [...next.keys, key] };
    changes.push({ type: "made", key });
  }
  return { ring: next, changes, needsKey };
}

/** Whether this server has announced itself, and for two looks no other one has seen that. It then needs no agreement. */
function hasBeenAlone({ at, id: announced, isShared }: Presence, { id, now }: Looker, { lookMs }: Schedule): boolean {
  return announced === id && !isShared && 2 * lookMs <= now - at;
}

/** Now and then, a server announces itself, and the first other one that sees that says so. */
function announce(ring: Ring, { id, now }: Looker, { aheadMs, skewMs }: Schedule): Ring {
  const { at, id: announced, isShared } = ring.presence;
  const isAloneSoFar = announced === id && !isShared;
  const isOld = aheadMs / 4 < now - at && !isAloneSoFar;
  if (isOld || skewMs < at - now) return { ...ring, presence: { id, at: now, isShared: false } };
  if (announced === id || isShared) return ring;
  return { ...ring, presence: { id: announced, at, isShared: true } };
}

interface DueChange {
  /** The same for every server. */
  readonly name: string;
  readonly keys: readonly RingKey[];
  readonly changes: readonly Change[];
}

const DATE = "date";

/** The next change that is due by a clock. */
function dueChange({ keys }: Pick<Ring, "keys">, now: number, schedule: Schedule): DueChange | undefined {
  const isAhead = (key: RingKey) => schedule.skewMs < key.since - now;
  if (keys.some(isAhead)) {
    // Written by a clock that was ahead. Otherwise, nothing would change until that time.
    const dated = keys.map((key) => (isAhead(key) ? { ...key, since: now } : key));
    return { name: DATE, keys: dated, changes: [] };
  }
  const due = keys.find((key) => stayMs(key.stage, schedule) <= now - key.since);
  if (due === undefined) return undefined;
  if (due.stage === "next") {
    const { key, keys: signing } = signingWith(keys, due, now);
    return { name: `sign ${due.kid}`, keys: signing, changes: [{ type: "signing", key }] };
  }
  if (due.stage === "old") {
    const ended = keys.map((key) => (key === due ? endedKey(key, now) : key));
    return { name: `end ${due.kid}`, keys: ended, changes: [] };
  }
  const kept = keys.filter((key) => key !== due);
  return { name: `retire ${due.kid}`, keys: kept, changes: [{ type: "retired", key: due }] };
}

/**
 * The next change that was due at an earlier time. What has come to its stage since then, as in this very look, was not. A time that is
 * ahead also now stays, because two servers have to agree that it is wrong.
 */
function dueBefore(ring: Ring, time: number, now: number, schedule: Schedule): DueChange | undefined {
  const isLater = ({ since }: RingKey) => time < since && since - now <= schedule.skewMs;
  return dueChange({ keys: ring.keys.filter((key) => !isLater(key)) }, time, schedule);
}

/** The keys once `chosen` signs, which is the last one then. The private half of the one before is forgotten. */
function signingWith(
  keys: readonly RingKey[],
  chosen: NewKey,
  now: number,
): { key: RingKey; keys: readonly RingKey[] } {
  const key: RingKey = { ...chosen, stage: "current", since: now };
  const others = keys
    .filter((each) => each !== chosen)
    .map(
      (each): RingKey =>
        each.stage === "current" ? { ...each, stage: "old", since: now, jwk: publicJwk(each.jwk) } : each,
    );
  return { key, keys: [...others, key] };
}

/** Whether a second server finds the same change due, or nobody has objected for two looks. */
function isAgreed(
  proposal: Proposal | undefined,
  change: string,
  { id, now }: Looker,
  { lookMs, skewMs }: Schedule,
): boolean {
  if (proposal?.change !== change || skewMs < proposal.at - now) return false;
  return proposal.by !== id || 2 * lookMs <= now - proposal.at;
}

/** The ring with the proposal that this server supports. */
function withProposal(ring: Ring, change: string | undefined, { id, now }: Looker, schedule: Schedule): Ring {
  const { proposal, ...others } = ring;
  const isPlausible = proposal !== undefined && proposal.at - now <= schedule.skewMs;
  if (change !== undefined) {
    if (isPlausible && proposal.change === change) return ring;
    return { ...others, proposal: { change, at: now, by: id } };
  }
  if (proposal === undefined) return ring;
  // Nearly due: the clock of the other server is a little ahead.
  if (isPlausible && dueChange(ring, now + schedule.skewMs, schedule)?.name === proposal.change) return ring;
  return others;
}

function isNextDue({ keys }: Ring, now: number, schedule: Schedule): boolean {
  if (keys.some(({ stage }) => stage === "next")) return false;
  const { alg, since } = currentKey(keys);
  return alg !== schedule.alg || schedule.rotateMs - stayMs("next", schedule) <= now - since;
}

/** The kinds of rotation that `rotate` offers. */
export type RotationKind = "now" | "publish-first" | "withdraw";

/** The most keys that a rotation leaves in the ring. */
export const MOST_KEYS = 100;

/**
 * The ring with the changes that are due before a rotation. Without them, keys would never be removed where nothing but `rotate` is
 * called.
 */
export function ringToRotate(
  ring: Ring,
  looker: Looker,
  schedule: Schedule,
  kind: RotationKind,
): Omit<Look, "needsKey"> {
  if (kind === "publish-first") return lookAt(ring, looker, schedule);
  // A next key stays what it is, also if it could sign now: this rotation uses it or withdraws it.
  const waiting = ring.keys.filter(({ stage }) => stage === "next");
  const others = ring.keys.filter(({ stage }) => stage !== "next");
  const look = lookAt({ ...ring, keys: others }, looker, schedule);
  return { ring: { ...look.ring, keys: [...look.ring.keys, ...waiting] }, changes: look.changes };
}

/** Whether a rotation needs a new key. */
export function rotationNeedsKey({ keys }: Ring, kind: RotationKind): boolean {
  return kind === "withdraw" || !keys.some(({ stage }) => stage === "next");
}

/** The ring after a rotation that somebody has asked for. */
export function rotated(ring: Ring, now: number, kind: RotationKind, made: NewKey): Omit<Look, "needsKey"> {
  const waiting = ring.keys.find(({ stage }) => stage === "next");
  if (kind === "publish-first") {
    if (waiting !== undefined) return { ring, changes: [] };
    const key: RingKey = { ...made, stage: "next", since: now };
    return { ring: { ...ring, keys: atMost([...ring.keys, key]) }, changes: [{ type: "made", key }] };
  }
  if (kind === "now") {
    const { key, keys } = signingWith(ring.keys, waiting ?? made, now);
    const isMade: Change[] = waiting === undefined ? [{ type: "made", key }] : [];
    return { ring: { ...ring, keys: atMost(keys) }, changes: [...isMade, { type: "signing", key }] };
  }
  const withdrawn = ring.keys.filter(({ stage }) => stage !== "ended");
  const key: RingKey = { ...made, stage: "current", since: now };
  // Smaller than before: a store that takes no larger row must not refuse a withdrawal.
  const ended = ring.keys.map((each) => endedKey(each, each.stage === "ended" ? each.since : now));
  return {
    ring: { ...ring, keys: atMost([...ended, key]) },
    changes: [
      { type: "made", key },
      { type: "signing", key },
      ...withdrawn.map((each): Change => ({ type: "withdrawn", key: each })),
    ],
  };
}

/** The keys without the oldest ended ones, if there are too many. Nobody reads what is left of them. */
function atMost(keys: readonly RingKey[]): readonly RingKey[] {
  const ended = keys.filter(({ stage }) => stage === "ended");
  const dropped = ended.slice(0, Math.max(0, keys.length - MOST_KEYS));
  return keys.filter((key) => !dropped.includes(key));
}

/** An ended key. Nobody reads its JWK any more, so only the member stays without which no JWK is one. */
function endedKey(key: RingKey, since: number): RingKey {
  return { ...key, stage: "ended", since, jwk: { kty: key.jwk.kty } as JsonWebKey };
}

/** The key that signs. */
export function currentKey(keys: readonly RingKey[]): RingKey {
  return keys.find(({ stage }) => stage === "current") as RingKey;
}

/** The keys that are published. */
export function publishedKeys(keys: readonly RingKey[]): RingKey[] {
  return keys.filter(({ stage }) => stage !== "ended");
}

const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "priv"];

function publicJwk(jwk: JsonWebKey): JsonWebKey {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !PRIVATE.includes(name))) as JsonWebKey;
}
