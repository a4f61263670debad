/** The platform's own cryptography: offered to the core when it is loaded, and turned off by who wants none of it. */

import { hasBuiltins } from "./builtin.js";
import { set_platform, use_platform } from "./glue/jwt.js";
import { tokens } from "./load/instances.js";
import { NodePlatform } from "./platform/node.js";
import { guard } from "./trap.js";

let platform: NodePlatform | undefined;

/** @internal Offers it, in the runtimes that have it. */
export function offerPlatform(): void {
  if (!hasBuiltins()) return;
  platform = new NodePlatform(() => tokens.memory);
  set_platform(platform);
  use_platform(true);
}

/**
 * Whether RSA, ECDSA and signing with Ed25519 are left to the platform's own cryptography (Node's `crypto`), which is several
 * times faster than WebAssembly. That is the default wherever there is one: Node from 20.16, Deno, Bun, and Workers with
 * `nodejs_compat`. Keys, headers and claims are judged by the core all the same, and so is the form of a signature.
 *
 * With the platform, an ECDSA signature is made with a random nonce; without it, with that of RFC 6979. A private key that
 * signs is also in the platform's hands until it is freed.
 *
 * @param used `false` to have everything done in WebAssembly from now on, as in browsers.
 * @returns Whether the platform does it now.
 * @example
 * ```ts
 * usePlatformCryptography(false);
 * ```
 */
export function usePlatformCryptography(used: boolean): boolean {
  const helps = used === true && platform?.isThere === true;
  guard(tokens, () => use_platform(helps));
  return helps;
}
