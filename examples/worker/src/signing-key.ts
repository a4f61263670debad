/**
 * The key that signs tokens: one Durable Object, which makes the key on the first start and keeps it. The private key
 * never leaves the object. It signs tokens on request and gives out the public key.
 */

import { DurableObject } from "cloudflare:workers";
import { type JsonWebKey, Key, KeySet, Signer } from "countersign/jwt";
import type { Env } from "./env.js";

/** The row in the object's own SQLite database. */
interface Stored {
  privateJwk: JsonWebKey;
  made: string;
}

/** The public part of the key. */
export interface PublicPart {
  /** A JWK Set, as JSON. */
  jwks: string;
  /** The key ID, which is in the header of every token. */
  kid: string;
  /** When the key was made, as an ISO 8601 date and time. */
  made: string;
}

export class SigningKey extends DurableObject<Env> {
  readonly #key: Key;
  readonly #signer: Signer;
  readonly #made: string;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const stored = ctx.storage.kv.get<Stored>("key") ?? make();
    ctx.storage.kv.put("key", stored);
    this.#key = Key.fromJwk(stored.privateJwk);
    this.#made = stored.made;
    this.#signer = new Signer(this.#key, { issuer: env.ISSUER, audience: env.AUDIENCE, jwtId: true });
  }

  /** A token with these claims; the issuer, the audience, the time and a fresh `jti` are added here. */
  sign(claims: object, o: { expiresIn: number }): string {
    return this.#signer.sign(claims, o);
  }

  /** The keys that check what this object signs. */
  publicPart(): PublicPart {
    const jwks = JSON.stringify(new KeySet([this.#key]).toJwks());
    return { jwks, kid: this.#key.kid ?? "", made: this.#made };
  }
}

/** A fresh Ed25519 key, named by its thumbprint (RFC 7638), so that no two keys ever share a `kid`. */
function make(): Stored {
  const key = Key.generate("EdDSA");
  const privateJwk = { ...key.toJwk({ private: true }), kid: key.thumbprint() };
  return { privateJwk, made: new Date().toISOString() };
}
