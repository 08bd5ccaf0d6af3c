import { describe, expect, test } from "vitest";
import { MultipartError, partsOf } from "../../../src/daemon/formats/multipart.js";

const type = "multipart/form-data; boundary=XyZ";
const body = (...lines: readonly string[]) => Buffer.from(lines.join("\r\n"));
const disposition = (rest: string) => `Content-Disposition: form-data; ${rest}`;

describe("what clients send is read", () => {
  test("fields and files, the empty ones too", () => {
    const parts = partsOf(
      type,
      body(
        "--XyZ",
        disposition('name="purpose"'),
        "",
        "user_data",
        "--XyZ",
        disposition('name="file"; filename="a \\"b\\".txt"'),
        "Content-Type: text/plain",
        "",
        "line\r\n--Xy not the boundary",
        "--XyZ",
        disposition('name="empty"'),
        "",
        "",
        "--XyZ--",
        "",
      ),
    );
    expect(parts.map(({ data, ...part }) => ({ ...part, text: data.toString() }))).toEqual([
      { name: "purpose", filename: null, contentType: "", text: "user_data" },
      {
        name: "file",
        filename: 'a "b".txt',
        contentType: "text/plain",
        text: "line\r\n--Xy not the boundary",
      },
      { name: "empty", filename: null, contentType: "", text: "" },
    ]);
  });

  test("a form of Node's own fetch, boundary in mixed case", async () => {
    const form = new FormData();
    form.set("model", "gpt-4o-transcribe");
    form.set("file", new Blob([Buffer.from([0, 255, 13, 10])]), 'né"w.bin');
    const request = new Request("http://x/", { method: "POST", body: form });
    const contentType = request.headers.get("content-type") ?? "";
    const parts = partsOf(contentType, new Uint8Array(await request.arrayBuffer()));
    expect(parts.map(({ name, filename }) => [name, filename])).toEqual([
      ["model", null],
      ["file", 'né"w.bin'],
    ]);
    expect([...(parts[1]?.data ?? [])]).toEqual([0, 255, 13, 10]);
  });

  test("a quoted boundary, and filename* of other clients", () => {
    const parts = partsOf(
      'multipart/form-data; charset=utf-8; boundary="a b"',
      body(
        "--a b",
        disposition("name=\"file\"; filename*=utf-8''%E2%82%AC.txt"),
        "",
        "x",
        "--a b--",
      ),
    );
    expect(parts[0]?.filename).toBe("");
  });
});

describe("what could be read in two ways is not read", () => {
  const part = (headers: readonly string[]) => body("--XyZ", ...headers, "", "v", "--XyZ--", "");
  test.each<[string, string, Buffer]>([
    ["no boundary", "multipart/form-data", part([disposition('name="a"')])],
    ["two boundaries", `${type}; boundary=b`, part([disposition('name="a"')])],
    ["another boundary", "multipart/form-data; boundary=xyz", part([disposition('name="a"')])],
    ["a preamble", type, body("hello", "--XyZ", disposition('name="a"'), "", "v", "--XyZ--")],
    ["an epilogue", type, body("--XyZ", disposition('name="a"'), "", "v", "--XyZ--", "more")],
    ["no end", type, body("--XyZ", disposition('name="a"'), "", "v")],
    ["bare line feeds", type, Buffer.from(`--XyZ\n${disposition('name="a"')}\n\nv\n--XyZ--`)],
    ["space behind a boundary", type, body("--XyZ ", disposition('name="a"'), "", "v", "--XyZ--")],
    ["no disposition", type, part(["Content-Type: text/plain"])],
    ["no name", type, part([disposition('filename="x"')])],
    ["two names", type, part([disposition('name="a"; name="model"')])],
    ["name*", type, part([disposition("name*=utf-8''model")])],
    ["two dispositions", type, part([disposition('name="a"'), disposition('name="b"')])],
    ["a folded header", type, part(["Content-Disposition: form-data;", ' name="a"'])],
    [
      "a transfer encoding",
      type,
      part([disposition('name="a"'), "Content-Transfer-Encoding: base64"]),
    ],
    ["headers without end", type, body("--XyZ", disposition('name="a"'), "--XyZ--")],
    ["nothing", type, Buffer.alloc(0)],
  ])("%s", (_name, contentType, bytes) => {
    expect(() => partsOf(contentType, bytes)).toThrow(MultipartError);
  });
});
