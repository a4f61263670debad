// The routes in the frameworks that work on Node's requests.

import * as adapter from "countersign/express";
import { endpoints, guard } from "countersign/fastify";
import express from "express";
import fastify from "fastify";
import { ENDPOINTS, GUARDS, nameOf } from "./routes.mjs";

export function expressApp() {
  const app = express();
  for (const [path, handler] of Object.entries(ENDPOINTS)) app.all(path, adapter.endpoint(handler));
  app.use(express.urlencoded(), express.json());
  for (const [path, args] of Object.entries(GUARDS)) {
    app.get(path, adapter.guard(...args), (req, res) => {
      if (path === "/page/own") res.cookie("mine", "1");
      res.type("text").send(nameOf(req.auth));
    });
  }
  app.use((_error, _req, res, _next) => res.status(500).send("sorry"));
  return app;
}

export function fastifyApp() {
  const app = fastify();
  app.decorateRequest("auth", null);
  app.register(endpoints(ENDPOINTS));
  for (const [path, args] of Object.entries(GUARDS)) {
    app.get(path, { onRequest: guard(...args) }, async (request, reply) => {
      if (path === "/page/own") reply.header("Set-Cookie", "mine=1");
      return reply.type("text/plain").send(nameOf(request.auth));
    });
  }
  return app;
}
