// The adapters that name no type of their framework, in a project without any framework.

import * as elysia from "countersign/elysia";
import * as express from "countersign/express";
import * as fastify from "countersign/fastify";
import * as h3 from "countersign/h3";
import type { Verifier } from "countersign/jwt";
import * as mcp from "countersign/mcp";
import * as nest from "countersign/nest";
import * as next from "countersign/next";
import * as sveltekit from "countersign/sveltekit";

export const make = (verifier: Verifier): unknown[] => [
  elysia.guard(verifier),
  express.guard(verifier),
  fastify.guard(verifier),
  h3.guard(verifier),
  mcp.guard(verifier),
  next.guard(verifier),
  sveltekit.guard(verifier),
  nest.withNest,
];
