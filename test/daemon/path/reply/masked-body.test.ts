/** The bound of a reply that is one text and is never settled. */
import { expect, test } from "vitest";
import type { TextStream } from "../../../../src/daemon/masking/masking.js";
import { createFoundCounts } from "../../../../src/daemon/masking/text/found-counts.js";
import { createLogicalMasking } from "../../../../src/daemon/masking/text/logical-text.js";
import type { BodySink } from "../../../../src/daemon/model/reply.js";
import { maskedBody } from "../../../../src/daemon/path/reply/masked-body.js";
import { openFakeMasking } from "../../../support/fake-masking.js";

/** A text of which nothing is ever certain. */
const unsettled: TextStream = {
  push() {},
  end() {},
  settled: () => [],
  held: () => 1,
  repeat: (text) => text,
  counts: () => [],
};

test("32 MB wait for a text, and not a byte more: the upstream is let go", () => {
  let source: BodySink | undefined;
  const cancelled: Error[] = [];
  const { flow, stopped } = maskedBody({
    flow: {
      start(sink) {
        source = sink;
      },
      pause() {},
      resume() {},
      cancel: (reason) => void cancelled.push(reason),
    },
    exchangeId: "exc_1",
    masking: createLogicalMasking(openFakeMasking()),
    known: [],
    counts: createFoundCounts(),
    fault: (_id, error) => {
      throw error;
    },
    text: unsettled,
    saysText: true,
  });
  const left: Buffer[] = [];
  const failed: Error[] = [];
  flow.start({
    data: (bytes) => void left.push(bytes),
    end: () => {},
    fail: (error) => void failed.push(error),
  });
  const chunk = Buffer.alloc(1 << 20, "a");
  for (let at = 0; at < 32; at += 1) source?.data(chunk);
  expect(stopped()).toBeNull();
  source?.data(Buffer.from("a"));
  expect(stopped()).toBe("reply_unreadable");
  expect(cancelled).toHaveLength(1);
  expect(failed).toMatchObject([{ code: "reply_unreadable", message: /over 33554432 bytes/ }]);
  source?.data(chunk);
  source?.end();
  expect(left).toEqual([]);
});
