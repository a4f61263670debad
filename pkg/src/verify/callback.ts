/** In the bundle of `countersign/verify`, this file takes the place of `callback.ts`: its functions return promises. */

import type * as full from "../callback.js";

export function refuseCallback(_options: unknown, _more: unknown, _last?: unknown): void {}

({ refuseCallback }) satisfies typeof full;
