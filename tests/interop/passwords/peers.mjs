// The software that passwords are exchanged with: which there is on this machine, and its answers.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { askPython, environment, whyNoPython } from "../python.mjs";
import { askCommands, COMMANDS, whyNoCommand } from "./commands.mjs";
import { askNpm, whyNoNpm } from "./npm.mjs";
import { askPackages, PACKAGES } from "./packages.mjs";
import { askRecipes, RECIPES } from "./recipes.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const newer = environment("requirements-newer.txt", "python-newer");

/** A peer answers for some software; `why` says why not on this machine. */
export const PEERS = [
  {
    name: "npm's packages",
    software: Object.keys(PACKAGES),
    why: undefined,
    ask: askPackages,
  },
  {
    name: "more of npm's packages",
    software: [
      "@adonisjs/hash",
      "@phc/pbkdf2",
      "aspnet-identity-pw",
      "firebase-scrypt",
      "npm bcrypt",
      "passport-local-mongoose",
    ],
    why: await whyNoNpm(),
    ask: askNpm,
  },
  { name: "documented constructions", software: Object.keys(RECIPES), why: undefined, ask: askRecipes },
  ...Object.keys(COMMANDS).map((name) => ({ name, software: [name], why: whyNoCommand(name), ask: askCommands })),
  {
    name: "Python's libraries",
    software: ["argon2-cffi", "ASP.NET Identity", "bcrypt", "Django", "passlib", "PyNaCl", "Werkzeug"],
    why: await whyNoPython(),
    ask: (jobs) => askPython(path("peer.py"), jobs),
  },
  {
    name: "Python's newer libraries",
    software: ["bcrypt 5", "libpass", "pwdlib", "Werkzeug 2.3"],
    why: await newer.why(),
    ask: (jobs) => newer.ask(path("peer-newer.py"), jobs),
  },
  {
    name: "PHP",
    software: ["PHP"],
    why: spawnSync("php", ["--version"]).status === 0 ? undefined : "there is no PHP on this machine",
    ask: askPhp,
  },
];

export function peerOf(software) {
  return PEERS.find((peer) => peer.software.includes(software));
}

/** The answers to jobs for any of the software that there is. */
export async function ask(jobs) {
  const answers = new Array(jobs.length);
  for (const peer of PEERS) {
    const places = [...jobs.keys()].filter((place) => peerOf(jobs[place].software) === peer);
    if (places.length === 0) continue;
    const given = await peer.ask(places.map((place) => jobs[place]));
    for (const [index, place] of places.entries()) answers[place] = given[index];
  }
  return answers;
}

function askPhp(jobs) {
  const { status, stdout, stderr } = spawnSync("php", [path("peer.php")], {
    encoding: "utf8",
    input: JSON.stringify(jobs),
    maxBuffer: 2 ** 26,
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`PHP failed: ${stderr}`);
  return JSON.parse(stdout);
}
