// Starts runs of its own that want more than the run it is inside of: another connection, another login,
// more time, and one after its own session was revoked.
import { control, end, session } from "./tools.mjs";

const start = (change) =>
  control("POST", "/v1/sessions", {
    connections: [],
    ttlSeconds: 604_800,
    labels: {},
    environment: {},
    process: { command: "x", cwd: "/", host: "h", user: "u" },
    ...change,
  });
const usual = await start({});
const other = await start({ connections: ["other"] });
const { body: mine } = await control("GET", `/v1/sessions/${session}`);
const revoked = await control("POST", `/v1/sessions/${session}/revoke`);
const inner = await control("GET", `/v1/sessions/${usual.body.session.id}`);
const after = await start({});
end({
  usual: usual.status,
  connections: usual.body.session.connections,
  longer: Date.parse(usual.body.session.expiresAt) - Date.parse(mine.expiresAt),
  other: [other.status, other.body.code],
  revoked: [revoked.status, inner.body.status],
  after: [after.status, after.body.code],
});
