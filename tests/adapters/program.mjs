// The server for Bun and Deno, at the port of the environment: frameworks on standard requests, or one for Node's.

const { FRAMEWORK, PORT } = process.env;
const port = Number(PORT);

if (FRAMEWORK === "standard") {
  const { fetch } = (await import("./worker.mjs")).default;
  if (globalThis.Bun) globalThis.Bun.serve({ port, hostname: "127.0.0.1", fetch });
  else globalThis.Deno.serve({ port, hostname: "127.0.0.1" }, fetch);
} else {
  const { expressApp, fastifyApp } = await import("./apps-on-node.mjs");
  if (FRAMEWORK === "express") expressApp().listen(port, "127.0.0.1");
  else await fastifyApp().listen({ port, host: "127.0.0.1" });
}
