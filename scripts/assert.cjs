// Stands in for node:assert in the bundle. Node's own reads and parses the file
// that an assertion without a message stands in, to quote it: of a bundle that
// is one long line, that takes seconds, and all else waits for it.
const assert = process.getBuiltinModule("node:assert");

function ok(value, message) {
  if (value) return;
  if (message instanceof Error) throw message;
  const said = message ?? "a condition that a library relies on does not hold";
  throw new assert.AssertionError({ message: said, actual: value, expected: true, operator: "==" });
}

module.exports = Object.assign(ok, assert, { ok, strict: ok });
