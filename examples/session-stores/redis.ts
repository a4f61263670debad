// Sessions in Redis 7 or Valkey. Each change is one script, which the server runs in one atomic step.

import type { Store, StoreRow } from "countersign/session";

/**
 * Runs a script. With "redis": `(script, keys, args) => client.eval(script, { keys, arguments: args })`.
 * With "ioredis": `(script, keys, args) => client.eval(script, keys.length, ...keys, ...args)`.
 */
type Evaluate = (script: string, keys: string[], args: string[]) => Promise<unknown>;

// A row is a hash. An owner is a sorted set of the keys of its rows, by the time at which they expire. The braces put all of
// them on the same server of a cluster.
const rowKey = (key: string) => `{countersign}:row:${key}`;
const ownerKey = (owner: string) => `{countersign}:owner:${owner}`;

/** KEYS: the row. ARGV: whether there must be a row, its value, whether to write, owner, value, end, now. */
const REPLACE = `
  local row = KEYS[1]
  local found = redis.call("HMGET", row, "value", "owner")
  if ARGV[1] == "no" then
    if found[1] then return 0 end
  elseif found[1] ~= ARGV[2] then
    return 0
  end
  if found[1] then
    redis.call("ZREM", "{countersign}:owner:" .. found[2], row)
    redis.call("DEL", row)
  end
  if ARGV[3] == "no" then return 1 end
  local owner, value, expires, now = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
  redis.call("HSET", row, "owner", owner, "value", value, "expiresAt", expires)
  redis.call("PEXPIREAT", row, expires)
  if owner ~= "" then
    local set = "{countersign}:owner:" .. owner
    redis.call("ZREMRANGEBYSCORE", set, "-inf", now)
    redis.call("ZADD", set, expires, row)
    if redis.call("PEXPIRETIME", set) < tonumber(expires) then redis.call("PEXPIREAT", set, expires) end
  end
  return 1
`;

/** KEYS: the owner. Returns key, value and end of each row. */
const LIST = `
  local rows = {}
  for _, row in ipairs(redis.call("ZRANGE", KEYS[1], 0, -1)) do
    local found = redis.call("HMGET", row, "value", "expiresAt")
    if found[1] then
      rows[#rows + 1] = { string.sub(row, string.len("{countersign}:row:") + 1), found[1], found[2] }
    end
  end
  return rows
`;

const GET = `return redis.call("HMGET", KEYS[1], "owner", "value", "expiresAt")`;

/** A store for `Sessions` and `loginThrottle`. */
export function redisStore(evaluate: Evaluate): Store {
  return {
    async get(key) {
      const [owner, value, expiresAt] = (await evaluate(GET, [rowKey(key)], [])) as (string | null)[];
      if (typeof owner !== "string" || typeof value !== "string") return undefined;
      return { owner, value, expiresAt: Number(expiresAt) };
    },
    async list(owner) {
      const rows = (await evaluate(LIST, [ownerKey(owner)], [])) as [string, string, string][];
      return rows.map(([key, value, expiresAt]) => ({ key, owner, value, expiresAt: Number(expiresAt) }));
    },
    async replace(key, before, after) {
      const expected = before === undefined ? ["no", ""] : ["yes", before];
      return (await evaluate(REPLACE, [rowKey(key)], [...expected, ...written(after)])) === 1;
    },
  };
}

function written(row: StoreRow | undefined): string[] {
  if (row === undefined) return ["no"];
  return ["yes", row.owner, row.value, String(Math.ceil(row.expiresAt)), String(Date.now())];
}
