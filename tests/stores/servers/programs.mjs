// PostgreSQL and Redis as programs of this machine, each with its data in a temporary folder and a socket there.

import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `/tmp`: the path of a socket has at most 107 bytes. */
const base = existsSync("/tmp") ? "/tmp" : tmpdir();
const folder = mkdtempSync(join(base, "countersign-db-"));

/** PostgreSQL refuses to run as root, so root runs it as somebody else. */
const user = process.getuid?.() === 0 ? (idsOf("postgres") ?? idsOf("nobody")) : {};

function idsOf(name) {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }).stdout.trim());
  return uid === "" ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** A program in the PATH, or in a folder of Debian that is not. */
function find(...names) {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, "bin")) : [];
  const folders = [...(process.env.PATH ?? "").split(":"), ...versions, "/usr/sbin"];
  return names.flatMap((name) => folders.map((each) => join(each, name))).find((path) => existsSync(path));
}

const [initdb, postgres, redis] = [find("initdb"), find("postgres"), find("redis-server", "valkey-server")];

export const SERVERS = {
  postgres: {
    why: initdb && postgres ? undefined : "PostgreSQL is not installed here",
    url: `postgresql:///postgres?host=${encodeURIComponent(folder)}&user=countersign`,
    prepare() {
      const data = dataFolder("postgres");
      const options = [
        "--pgdata",
        data,
        "--username",
        "countersign",
        "--auth",
        "trust",
        "--no-sync",
        "--encoding",
        "UTF8",
      ];
      const { status, stderr } = spawnSync(initdb, [...options, "--locale", "C"], {
        ...user,
        cwd: data,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
    },
    // Without fsync, what was written survives a crash of the program, though not one of the machine.
    start: () =>
      run(postgres, ["-D", join(folder, "postgres"), "-k", folder, "-h", "", "-F"], join(folder, ".s.PGSQL.5432")),
  },
  redis: {
    why: redis ? undefined : "Redis is not installed here",
    url: join(folder, "redis.sock"),
    prepare: () => dataFolder("redis"),
    start() {
      const options = {
        port: 0,
        unixsocket: join(folder, "redis.sock"),
        appendonly: "yes",
        appendfsync: "always",
        save: "",
      };
      const args = Object.entries({ ...options, dir: join(folder, "redis") }).flatMap(([name, value]) => [
        `--${name}`,
        value,
      ]);
      return run(redis, args, join(folder, "redis.sock"));
    },
  },
};

/** A folder that the program may write to. The one around it holds the socket. */
function dataFolder(name) {
  const path = join(folder, name);
  mkdirSync(path);
  if (user.uid !== undefined) for (const each of [folder, path]) chownSync(each, user.uid, user.gid);
  return path;
}

/** Starts a program, which `kill` ends at once, as a crash would. */
async function run(command, args, socket) {
  rmSync(socket, { force: true });
  const child = spawn(command, args.map(String), { ...user, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const over = new Promise((resolve) => child.once("exit", resolve));
  let output = "";
  const ready = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        if (/ready to accept connections/i.test(output)) resolve();
      });
    }
  });
  const failed = over.then(() => {
    throw new Error(`${command} ended: ${output}`);
  });
  await Promise.race([ready, failed]);
  failed.catch(() => {});
  return {
    async kill() {
      child.kill("SIGKILL");
      await over;
    },
  };
}

/** Deletes all data. */
export const cleanUp = () => rmSync(folder, { recursive: true, force: true });
