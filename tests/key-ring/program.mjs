// The life of a key, as a program for each runtime: `program.mjs PACKAGE` prints `ok`.

const entry = `${process.argv[2]}/dist`;
const { Verifier } = await import(`${entry}/inline/jwt.js`);
const { KeyRing, memoryStore } = await import(`${entry}/inline/key-ring.js`);
const { now } = Date;
let ahead = 0;
Date.now = () => now.call(Date) + ahead;
const expect = (right, what) => {
  if (!right) throw new Error(what);
};

for (const alg of ["EdDSA", "ES256", "RS256"]) {
  const ring = new KeyRing({
    alg,
    store: memoryStore(),
    secret: crypto.getRandomValues(new Uint8Array(32)),
    rotateEvery: "30d",
    tokensLiveFor: "15m",
  });
  const [signer, verifier] = [ring.signer(), new Verifier(ring.keySet())];
  const kid = async () => (await verifier.verifyAsync(await signer.sign({ sub: "alice" }))).header.kid;
  const first = await kid();
  ahead += 30 * 86_400_000;
  expect((await kid()) === first && (await ring.toJwksAsync()).keys.length === 2, `${alg} is published first`);
  ahead += 7_200_000;
  expect((await kid()) !== first, `${alg} is replaced`);
}
console.log("ok");
