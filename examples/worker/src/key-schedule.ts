/**
 * When keys sign, and for how long they are published. A key is published before it signs, so that everybody who keeps the
 * published keys for a while knows it in time, and it is removed once the last token that it signed has ended.
 */

import type { JsonWebKey } from "countersign/jwt";

/** A signing key and the secret of refresh tokens, which are made and replaced together. */
export interface KeyPair {
  privateJwk: JsonWebKey;
  /** Base64 of 32 random bytes. */
  sessionSecret: string;
  /** Milliseconds since 1970. */
  made: number;
  signsFrom: number;
}

/** Durations in milliseconds. */
export interface Schedule {
  /** How long a key signs. */
  rotateEvery: number;
  /** How long a key is published before it signs: longer than anybody keeps the published keys. */
  publishedAhead: number;
  /** How long access tokens live. */
  tokensLiveFor: number;
  /** How long a session lives without being refreshed. */
  sessionsIdleFor: number;
}

/** The key that signs at a time: the last one whose time has come. */
export function signingPair(pairs: readonly KeyPair[], now: number): KeyPair | undefined {
  return pairs.filter(({ signsFrom }) => signsFrom <= now).at(-1);
}

/** The keys that a program that checks tokens must know: all but those whose last token has ended. */
export function publishedPairs(pairs: readonly KeyPair[], now: number, schedule: Schedule): KeyPair[] {
  // Other isolates may go on signing with the old key for a while: as long as a new one is published ahead, at most.
  return pairs.filter((_, index) => !isOver(pairs, index, now, schedule.tokensLiveFor + schedule.publishedAhead));
}

/** The keys to keep, and whether a new one is due. */
export function dueChanges(
  pairs: readonly KeyPair[],
  now: number,
  schedule: Schedule,
): { kept: KeyPair[]; due: boolean } {
  const longest = Math.max(schedule.tokensLiveFor, schedule.sessionsIdleFor) + schedule.publishedAhead;
  const kept = pairs.filter((_, index) => !isOver(pairs, index, now, longest));
  const newest = kept.at(-1);
  return { kept, due: newest === undefined || newest.signsFrom + schedule.rotateEvery <= now };
}

/** Whether the next key has been signing for this long. */
function isOver(pairs: readonly KeyPair[], index: number, now: number, after: number): boolean {
  const next = pairs[index + 1];
  return next !== undefined && next.signsFrom + after <= now;
}
