/** Hashing off the page's thread. One job at a time; whoever tires of it ends the worker. */

import { hashPassword, PasswordHasher } from "/pkg/dist/inline/password.js";

/** As far as the slider goes; the default, 64 MiB, is what a server should stay with. */
const LIMITS = { memoryKib: 262_144 };

/** Small enough to be quick, large enough to tell this machine's speed. */
const SAMPLE_KIB = 4096;

const JOBS = {
  hash({ password, params }) {
    postMessage({ kind: "estimate", milliseconds: estimate(params.memoryKib * params.passes) });
    return { stored: hashPassword(password, { params, limits: LIMITS }) };
  },
  verify({ password, stored }) {
    return new PasswordHasher({ limits: LIMITS }).verify(password, stored);
  },
};

addEventListener("message", ({ data: { job, ...input } }) => {
  const start = performance.now();
  try {
    const result = JOBS[job](input);
    postMessage({ kind: "done", milliseconds: performance.now() - start, result });
  } catch (error) {
    postMessage({ kind: "failed", error: { code: error.code ?? "INTERNAL", message: error.message } });
  }
});

/** How long so many KiB-passes take here, going by the faster of two small samples. */
function estimate(work) {
  const sample = () => {
    const start = performance.now();
    hashPassword("sample", { params: { memoryKib: SAMPLE_KIB, passes: 1 } });
    return performance.now() - start;
  };
  return (Math.min(sample(), sample()) / SAMPLE_KIB) * work;
}
