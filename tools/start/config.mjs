/**
 * workerd's configuration: the Worker of examples/worker with the bindings that its wrangler.toml names, and a front
 * that serves the pages from disk and forwards everything else to it.
 */

/**
 * The variables of the Worker. The pages require the same issuer and audience. Access tokens live short, so that one can watch
 * them being refreshed.
 */
export const VARS = {
  ISSUER: "countersign-demo",
  AUDIENCE: "countersign-demo-api",
  ADMIN_USERS: "admin",
  ACCESS_TOKEN_SECONDS: "60",
  OLD_SECRET: "",
  KEYS_PUBLISHED_AHEAD: "600",
  SHOW_TOKEN: "yes",
  ADDRESS_HEADER: "",
  SWAGGER_UI: "",
};

/** The Worker's Durable Objects: binding, class, and the name of its folder on disk. */
const OBJECTS = [
  { binding: "ACCOUNTS", className: "AccountShard", uniqueKey: "countersign-accounts" },
  { binding: "SESSIONS", className: "SessionStoreObject", uniqueKey: "countersign-sessions" },
  { binding: "ATTEMPTS", className: "AttemptStoreObject", uniqueKey: "countersign-attempts" },
];

const COMPATIBILITY_DATE = "2026-01-01";

/**
 * The configuration's text.
 *
 * @param {object} o
 * @param {string} o.address host and port to listen on
 * @param {string[]} o.hosts names that the front answers to, beside localhost and addresses
 * @param {string[]} o.modules of the Worker, the entry first; all are beside the configuration, with front.js
 * @param {string} o.www directory of the pages
 * @param {string} o.dist directory of the built package
 * @param {string} [o.swaggerUi] directory of Swagger UI, for /docs; default none
 * @param {string} o.objects directory that the Durable Objects are kept in
 * @param {object} o.vars variables of the Worker that differ from `VARS`
 */
export function workerdConfig({ address, hosts, modules, www, dist, swaggerUi, objects, vars }) {
  const moduleLines = modules.map((name) => {
    const kind = name.endsWith(".wasm") ? "wasm" : "esModule";
    return `    (name = ${quote(name)}, ${kind} = embed ${quote(name)}),`;
  });
  const bindings = [
    ...Object.entries({ ...VARS, ...(swaggerUi && { SWAGGER_UI: "/swagger-ui" }), ...vars }).map(
      ([name, text]) => `    (name = ${quote(name)}, text = ${quote(text)}),`,
    ),
    ...OBJECTS.map(({ binding, className }) => {
      return `    (name = ${quote(binding)}, durableObjectNamespace = ${quote(className)}),`;
    }),
  ];
  const namespaces = OBJECTS.map(({ className, uniqueKey }) => {
    return `    (className = ${quote(className)}, uniqueKey = ${quote(uniqueKey)}, enableSql = true),`;
  });
  const swaggerService = swaggerUi ? `\n    (name = "swagger-ui", disk = (path = ${quote(swaggerUi)})),` : "";
  const swaggerBinding = swaggerUi ? '\n    (name = "SWAGGER_UI", service = "swagger-ui"),' : "";
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "front", worker = .front),
    (name = "api", worker = .api),
    (name = "www", disk = (path = ${quote(www)})),
    (name = "dist", disk = (path = ${quote(dist)})),${swaggerService}
    (name = "objects", disk = (path = ${quote(objects)}, writable = true)),
  ],
  sockets = [(name = "http", address = ${quote(address)}, http = (), service = "front")],
);

const front :Workerd.Worker = (
  compatibilityDate = ${quote(COMPATIBILITY_DATE)},
  modules = [(name = "front.js", esModule = embed "front.js")],
  bindings = [
    (name = "API", service = "api"),
    (name = "WWW", service = "www"),
    (name = "DIST", service = "dist"),${swaggerBinding}
    (name = "HOSTS", text = ${quote(hosts.join(","))}),
  ],
);

const api :Workerd.Worker = (
  compatibilityDate = ${quote(COMPATIBILITY_DATE)},
  modules = [
${moduleLines.join("\n")}
  ],
  bindings = [
${bindings.join("\n")}
  ],
  durableObjectNamespaces = [
${namespaces.join("\n")}
  ],
  durableObjectStorage = (localDisk = "objects"),
);
`;
}

/** A Cap'n Proto string literal. */
function quote(text) {
  return `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
