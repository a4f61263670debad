/** Keeps key pairs in IndexedDB, which can store a key that nobody can export. */

import { CountersignError } from "../errors.js";

const DATABASE = "countersign-dpop";
const KEYS = "keys";

/**
 * The key pair of this name. Without one, `make` makes it. Of several tabs that do so at once, all get the same.
 *
 * @throws {CountersignError} `STORE_UNAVAILABLE`: there is no IndexedDB, or it fails.
 */
export async function keptKeyPair(name: string, make: () => Promise<CryptoKeyPair>): Promise<CryptoKeyPair> {
  const database = await open();
  try {
    const kept = await run(database, "readonly", (keys, done) => read(keys, name, done));
    if (kept !== undefined) return kept;
    // Made before the transaction, which ends when nothing is asked of it.
    const { privateKey, publicKey } = await make();
    return (await run(database, "readwrite", (keys, done) => {
      read(keys, name, (found) => {
        if (found === undefined) keys.put({ privateKey, publicKey }, name);
        done(found ?? { privateKey, publicKey });
      });
    })) as CryptoKeyPair;
  } finally {
    database.close();
  }
}

/** Removes the key pair of this name. */
export async function forgetKeyPair(name: string): Promise<void> {
  const database = await open();
  try {
    await run(database, "readwrite", (keys) => keys.delete(name));
  } finally {
    database.close();
  }
}

type Done = (pair: CryptoKeyPair | undefined) => void;

function read(keys: IDBObjectStore, name: string, done: Done): void {
  const request = keys.get(name);
  request.onsuccess = () => {
    const pair = request.result as Partial<CryptoKeyPair> | undefined;
    done(pair?.privateKey && pair.publicKey ? (pair as CryptoKeyPair) : undefined);
  };
}

/** Runs a transaction, and resolves to what it found when it is complete. */
function run(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  use: (keys: IDBObjectStore, done: Done) => void,
): Promise<CryptoKeyPair | undefined> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(KEYS, mode);
    let found: CryptoKeyPair | undefined;
    transaction.oncomplete = () => resolve(found);
    transaction.onabort = () => reject(failed(transaction.error));
    use(transaction.objectStore(KEYS), (pair) => {
      found = pair;
    });
  });
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = globalThis.indexedDB?.open(DATABASE, 1);
    if (request === undefined) throw failed();
    request.onupgradeneeded = () => request.result.createObjectStore(KEYS);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failed(request.error));
  });
}

function failed(cause?: unknown): CountersignError {
  const error = new CountersignError("STORE_UNAVAILABLE", "IndexedDB does not keep the key");
  return Object.assign(error, cause && { cause });
}
