// The program of workerd, whose clock stands still while a Worker computes: it is told how often to call a contender, and
// timed from outside.

import { repeat } from "./measure.mjs";
import { prepare, tasks } from "./tasks.mjs";

let calls = {};

export default {
  async fetch(request) {
    const { prepare: id, call, batch } = await request.json();
    if (id === undefined) {
      if (0 < batch) await repeat(calls[call], batch);
      return Response.json({ done: true });
    }
    try {
      const { reference, failed, ...prepared } = await prepare(tasks.find((task) => task.id === id));
      calls = prepared.calls;
      return Response.json({ reference, failed, names: Object.keys(calls) });
    } catch (error) {
      return Response.json({ error: String(error?.message ?? error).split("\n")[0] });
    }
  },
};
