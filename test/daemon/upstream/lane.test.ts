/** Calls to one upstream: so many at once, the others in their order, and none for long. */
import { expect, test } from "vitest";
import { createLane } from "../../../src/daemon/upstream/lane.js";

function lane(limit: number, patience: number) {
  const told: string[] = [];
  const made = createLane({ limit, patience });
  const enter = (name: string) =>
    made.enter(
      () => told.push(name),
      (error) => told.push(`${name} ${error.code}`),
    );
  return { told, enter };
}

test("calls begin at once while there is room, and then in the order in which they came", () => {
  const { told, enter } = lane(2, 60_000);
  const leaves = ["a", "b", "c", "d", "e"].map(enter);
  expect(told).toEqual(["a", "b"]);
  leaves[1]?.();
  expect(told).toEqual(["a", "b", "c"]);
  // Leaving twice gives no second place.
  leaves[1]?.();
  expect(told).toEqual(["a", "b", "c"]);
  // One that no longer waits is passed over.
  leaves[3]?.();
  leaves[0]?.();
  expect(told).toEqual(["a", "b", "c", "e"]);
  leaves[2]?.();
  leaves[4]?.();
  enter("f");
  enter("g");
  expect(told).toEqual(["a", "b", "c", "e", "f", "g"]);
});

test("a call that waits too long fails, and takes no place", async () => {
  const { told, enter } = lane(1, 20);
  const first = enter("a");
  enter("b");
  await expect.poll(() => told).toEqual(["a", "b upstream_busy"]);
  first();
  enter("c");
  expect(told).toEqual(["a", "b upstream_busy", "c"]);
});
