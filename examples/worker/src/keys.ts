/**
 * The keys: one Durable Object makes, keeps and replaces them. Each isolate of the Worker asks it once a minute and signs on its
 * own, so the object is not a bottleneck.
 */

import { DurableObject } from "cloudflare:workers";
import { Key } from "countersign/jwt";
import type { Env } from "./env.js";
import { dueChanges, type KeyPair, type Schedule } from "./key-schedule.js";

const DAY = 24 * 3600 * 1000;

/** When keys change. The published keys are cached for 5 minutes, and by each isolate for `KEYS_FRESH_MS`. */
export function scheduleOf(env: Env): Schedule {
  return {
    rotateEvery: 30 * DAY,
    publishedAhead: Number(env.KEYS_PUBLISHED_AHEAD) * 1000,
    tokensLiveFor: Number(env.ACCESS_TOKEN_SECONDS) * 1000,
    sessionsIdleFor: 14 * DAY,
  };
}

export class Keys extends DurableObject<Env> {
  /** The keys, the oldest first. Makes a new one if the newest has signed for long enough. */
  current(): KeyPair[] {
    return this.#update(false);
  }

  /** Makes a new key now, which signs as soon as everybody knows it. */
  rotate(): KeyPair[] {
    return this.#update(true);
  }

  #update(rotate: boolean): KeyPair[] {
    const now = Date.now();
    const schedule = scheduleOf(this.env);
    const stored = this.ctx.storage.kv.get<KeyPair[]>("pairs") ?? [];
    const { kept, due } = dueChanges(stored, now, schedule);
    // A key that waits for its time is the next one already.
    const isWaiting = now < (kept.at(-1)?.signsFrom ?? 0);
    if ((due || rotate) && !isWaiting) kept.push(make(now, kept.length === 0 ? now : now + schedule.publishedAhead));
    if (kept.length !== stored.length || kept.at(-1) !== stored.at(-1)) this.ctx.storage.kv.put("pairs", kept);
    return kept;
  }
}

/** A fresh Ed25519 key, named by its thumbprint (RFC 7638), so that no two keys ever share a `kid`. */
function make(now: number, signsFrom: number): KeyPair {
  const key = Key.generate("EdDSA");
  const privateJwk = { ...key.toJwk({ private: true }), kid: key.thumbprint() };
  const sessionSecret = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
  return { privateJwk, sessionSecret, made: now, signsFrom };
}
