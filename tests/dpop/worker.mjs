// Runs the flow in a Worker.

import { runFlow } from "./flow.mjs";

export default {
  async fetch() {
    try {
      return Response.json(await runFlow());
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  },
};
