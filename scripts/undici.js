// The part of undici that carries requests. Its index would also load fetch,
// WebSockets, caches and mocks, which the daemon never uses.

import request from "../node_modules/undici/lib/api/api-request.js";
import buildConnector from "../node_modules/undici/lib/core/connect.js";
import errors from "../node_modules/undici/lib/core/errors.js";
import Client from "../node_modules/undici/lib/dispatcher/client.js";
import Dispatcher from "../node_modules/undici/lib/dispatcher/dispatcher.js";
import Pool from "../node_modules/undici/lib/dispatcher/pool.js";

// As the index does for each call; the others are not used.
Dispatcher.prototype.request = request;

export { buildConnector, Client, errors, Pool };
