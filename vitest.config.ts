import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Only what hangs meets these: the slowest tests take 20 s on two cores that others use too,
    // and nothing is measured by them. Likewise a poll, which is over as soon as it holds.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 30_000 } },
    // Two cores: more workers only make the end-to-end tests slower.
    maxWorkers: 2,
    coverage: { provider: "v8", include: ["src/**"], reporter: ["text-summary", "json-summary"] },
  },
});
