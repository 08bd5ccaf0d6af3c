/**
 * Lenient reply: what real providers answer to device and token requests, in
 * the form of the RFCs (6749, 5.1; 8628, 3.2) that the OAuth library insists
 * on. Only forms with one clear meaning are mended; who the tokens are for is
 * checked afterwards as ever.
 */

/** `fetch`, less the form with a Request. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

type Members = Record<string, unknown>;

/** The same fetch, with such replies mended. */
export function lenientFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    const reply = await fetch(url, init);
    // Device, token and revocation requests; what is only read is taken as it is.
    return init?.method?.toUpperCase() === "POST" ? mended(reply) : reply;
  };
}

async function mended(reply: Response): Promise<Response> {
  const body: unknown = await reply
    .clone()
    .json()
    .catch(() => undefined);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return reply;
  const members = body as Members;
  // RFC 6749, 5.2 has 400 for an error; some say it with 200.
  const failed = reply.ok && isText(members.error) && !isText(members.access_token);
  const headers = new Headers(reply.headers);
  for (const name of ["content-length", "content-encoding"]) headers.delete(name);
  return new Response(JSON.stringify(plainMembers(members)), {
    status: failed ? 400 : reply.status,
    headers,
  });
}

/** Members that need not be there, so that null and "" mean that they are not. */
const optional = [
  ...["expires_in", "id_token", "interval", "refresh_token", "scope"],
  ...["verification_uri", "verification_uri_complete", "verification_url"],
];
const numbers = ["expires_in", "interval"];

function plainMembers(given: Members): Members {
  const made: Members = { ...given };
  for (const name of optional) {
    if (made[name] === null || made[name] === "") delete made[name];
  }
  for (const name of numbers) {
    const value = made[name];
    if (typeof value === "string" && /^\d{1,9}$/.test(value)) made[name] = Number(value);
  }
  // No wait at all between two polls is no wait that anyone means.
  if (made.interval === 0) made.interval = 1;
  // As drafts of RFC 8628 named it, and Google still does.
  if (made.verification_uri === undefined && isText(made.verification_url)) {
    made.verification_uri = made.verification_url;
  }
  return made;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
