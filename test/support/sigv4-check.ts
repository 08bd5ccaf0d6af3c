/**
 * SigV4 as the receiver checks it, written from AWS's description ("Create a
 * signed AWS API request") with node:crypto alone, so that it shares nothing
 * with what signs. It recomputes the signature over the request as received.
 */
import { createHash, createHmac } from "node:crypto";

export interface ReceivedRequest {
  readonly method: string;
  /** The request target as it came. */
  readonly url: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) =>
  createHmac("sha256", key).update(data).digest();

/** RFC 3986: everything but unreserved characters, once more. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export interface Checked {
  readonly valid: boolean;
  readonly accessKeyId: string;
  /** `region/service`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly date: string;
}

/** Is the signature the one that this secret makes over this request? */
export function checkSigV4(request: ReceivedRequest, secretAccessKey: string): Checked {
  const lines = new Map<string, string[]>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] as string).toLowerCase();
    const value = (request.rawHeaders[index + 1] as string).trim().replace(/\s+/g, " ");
    lines.set(name, [...(lines.get(name) ?? []), value]);
  }
  const authorization = lines.get("authorization")?.join() ?? "";
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (parts === null) {
    return { valid: false, accessKeyId: "", scope: "", signedHeaders: [], date: "" };
  }
  const [, accessKeyId = "", day = "", region = "", service = "", names = "", signature] = parts;
  const date = lines.get("x-amz-date")?.join() ?? "";
  const [path = "", query = ""] = request.url.split(/\?(.*)/s);
  const canonicalQuery = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => pair.split(/=(.*)/s))
    .map(([name = "", value = ""]) => [decodeURIComponent(name), decodeURIComponent(value)])
    .map(([name = "", value = ""]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
  const signedHeaders = names.split(";");
  const canonical = [
    request.method,
    path.split("/").map(encode).join("/"),
    canonicalQuery,
    ...signedHeaders.map((name) => `${name}:${lines.get(name)?.join(",") ?? ""}`),
    "",
    names,
    sha256(request.body),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    (last, part) => hmac(last, part),
    `AWS4${secretAccessKey}`,
  );
  return {
    valid: hmac(key, text).toString("hex") === signature && date.startsWith(day),
    accessKeyId,
    scope: `${region}/${service}`,
    signedHeaders,
    date,
  };
}
