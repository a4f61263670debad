/** The row that a store holds for a session. */

import { type StoreRow, unavailable } from "../stores/store.js";

/** A session, as it is stored. Times are milliseconds since 1970. */
export interface SessionRow {
  readonly id: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  /** More claims of its access tokens. */
  readonly claims: Record<string, unknown>;
  /** What the user sees in a list of sessions. */
  readonly client: string;
  /** The key that it is bound to. */
  readonly thumbprint?: string;
  readonly startedAt: number;
  /** When it was refreshed last, or started. */
  readonly usedAt: number;
  /** When it ends if nobody refreshes it. */
  readonly idleEndsAt: number;
  /** When it ends in any case. */
  readonly endsAt: number;
  /** The counter of the newest refresh token. */
  readonly counter: number;
}

/** The key of a session's row. */
export const keyOf = (sessionId: string): string => `session:${sessionId}`;

/** The owner of the rows of a user's sessions. */
export const ownerOf = (subject: string): string => `session:${subject}`;

/** Until when a session lives. */
export const endOf = ({ idleEndsAt, endsAt }: SessionRow): number => Math.min(idleEndsAt, endsAt);

/** Writes a row. Its counter and times make every write another text, so that a store can tell them apart. */
export function writeRow(session: SessionRow): StoreRow {
  return { value: JSON.stringify(session), owner: ownerOf(session.subject), expiresAt: endOf(session) };
}

/**
 * The session of a row; `undefined` if there is no row, or if the session has ended.
 *
 * @param key The row's key, which must be that of the session in it.
 *
 * @throws {CountersignError} `STORE_UNAVAILABLE`: the row was not written here.
 */
export function readRow(key: string, row: StoreRow | undefined, now: number): SessionRow | undefined {
  if (row === undefined) return undefined;
  const session = parse(row.value);
  if (session === undefined || keyOf(session.id) !== key)
    throw unavailable("the store returned a row that was not written here");
  return now < endOf(session) ? session : undefined;
}

function parse(text: string): SessionRow | undefined {
  try {
    const row = JSON.parse(text) as Partial<SessionRow> | null;
    const numbers = [row?.startedAt, row?.usedAt, row?.idleEndsAt, row?.endsAt, row?.counter];
    const isSession =
      numbers.every((number) => typeof number === "number") &&
      typeof row?.id === "string" &&
      typeof row.subject === "string" &&
      typeof row.client === "string" &&
      (row.thumbprint === undefined || typeof row.thumbprint === "string") &&
      Array.isArray(row.scopes) &&
      typeof row.claims === "object";
    return isSession ? (row as SessionRow) : undefined;
  } catch {
    return undefined;
  }
}
