// Work that must give the same result in every runtime: it runs in each, and the answers are compared.

/**
 * @param {typeof import("countersign/jwt")} countersign the package, as the runtime finds it
 * @param {{ origin: string, names: string[], slow: string[], token: string, forged: string }} given where the issuer is,
 * which behaviors to try, a token of its and one with a key that is not
 */
export async function run({ RemoteKeySet, Verifier, verifyAsync }, { origin, names, slow, token, forged }) {
  const verdicts = {};
  for (const name of names) {
    const options = { timeoutMs: slow.includes(name) ? 300 : 5000 };
    verdicts[name] = await outcome(verifyAsync(token, new RemoteKeySet(`${origin}/${name}`, options)));
  }
  const verifier = new Verifier(new RemoteKeySet(`${origin}/first`));
  const first = await Promise.all(Array.from({ length: 1000 }, () => outcome(verifier.verifyAsync(token))));
  const storm = await Promise.all(Array.from({ length: 2000 }, () => outcome(verifier.verifyAsync(forged))));
  return { verdicts, first: [...new Set(first)], storm: [...new Set(storm)] };
}

function outcome(promise) {
  return promise.then(
    ({ claims }) => `sub: ${claims.sub}`,
    ({ code, message }) => `${code}: ${message}`,
  );
}
