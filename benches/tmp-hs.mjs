import { compare } from "./measure.mjs"; import * as tokens from "/work/main/benches/tokens.mjs";
const E={ samples: 81, sampleMs: 10, warmUpMs: 500 };
const l=await tokens.hs256(); for (const t of ["sign","verify"]) { const all=await tokens.contenders(l,t); const r=await compare({countersign:all.countersign,"fast-jwt":all["fast-jwt"]},E); console.log(t, Object.entries(r).map(([k,v])=>k+" "+v.median.toFixed(2)+" low "+v.low.toFixed(2)).join("  "), (r["fast-jwt"].median/r.countersign.median).toFixed(2)); }
