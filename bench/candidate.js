/**
 * Candidate: one of the peers, in a process of its own. Tells its parent the
 * port, and ends with it.
 */
import { createBare } from "./candidates/bare.js";
import { createHttpProxy3 } from "./candidates/http-proxy-3.js";
import { createUndici } from "./candidates/undici.js";

const candidates = { bare: createBare, "http-proxy-3": createHttpProxy3, undici: createUndici };

const [name, upstreamPort] = process.argv.slice(2);
const server = candidates[name](Number(upstreamPort));
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit(0));
