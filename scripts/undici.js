// The part of undici that carries requests. Its index would also load fetch,
// WebSockets, caches and mocks, which the daemon never uses.

import errors from "../node_modules/undici/lib/core/errors.js";
import Client from "../node_modules/undici/lib/dispatcher/client.js";
import Pool from "../node_modules/undici/lib/dispatcher/pool.js";

export { Client, errors, Pool };
