// Proxy that validates the traffic between a client and the sandbox against an OpenAPI document, with Prism.
//
//     prism.mjs TOOLS DOCUMENT UPSTREAM
//
// TOOLS is a folder with Prism in its node_modules, DOCUMENT a file in plain OpenAPI, UPSTREAM the origin of the server behind the
// proxy. Prints the proxy's own origin as the first line. Runs until standard input closes, then prints a JSON object: `requests`,
// the number of requests seen, and `violations`, one text for each.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { Writable } from "node:stream";

const [tools, document, upstream] = process.argv.slice(2);
if (upstream === undefined) {
  console.error("usage: prism.mjs TOOLS DOCUMENT UPSTREAM");
  process.exit(2);
}
const require = createRequire(`${resolve(tools)}/`);
const { createLogger } = require("@stoplight/prism-core");
const { getHttpOperationsFromSpec } = require("@stoplight/prism-http");
const { createServer } = require("@stoplight/prism-http-server");

const requests = [];
const violations = [];

// Prism reports violations through its logger only. A violation belongs to the request received last: the requests come one by one.
function record({ level, msg, input }) {
  if (msg === "Request received") {
    requests.push(`${input.method.toUpperCase()} ${input.url.path}`);
  } else if (level === "error" || msg.startsWith("Violation: ")) {
    violations.push(`${requests.at(-1)}: ${msg.replace(/^Violation: /, "")}`);
  }
}

// Prism accepts everything where it cannot compile a schema, and does not say so.
const { default: Ajv } = createRequire(require.resolve("@stoplight/prism-http"))("ajv/dist/core");
const compile = Ajv.prototype.compile;
Ajv.prototype.compile = function (...schema) {
  try {
    return compile.apply(this, schema);
  } catch (error) {
    violations.push(`${requests.at(-1)}: ${error.message}`);
    throw error;
  }
};

const log = new Writable({
  write(line, _, done) {
    record(JSON.parse(line));
    done();
  },
});
const server = createServer(await getHttpOperationsFromSpec(document), {
  cors: false,
  components: { logger: createLogger("proxy", { level: "info", formatters: { level: (level) => ({ level }) } }, log) },
  config: {
    isProxy: true,
    upstream: new URL(upstream),
    validateRequest: true,
    validateResponse: true,
    checkSecurity: true,
    errors: false,
    mock: { dynamic: false },
  },
});
console.log(await server.listen(0, "127.0.0.1"));

process.stdin.resume().on("end", () => {
  process.stdout.write(JSON.stringify({ requests: requests.length, violations }), () => process.exit());
});
