import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A poll is over as soon as it holds; its own limit, 1 s, is short where the machine is busy.
    expect: { poll: { timeout: 10_000 } },
    // Two cores: more workers only make the end-to-end tests slower.
    maxWorkers: 2,
    coverage: { provider: "v8", include: ["src/**"], reporter: ["text-summary", "json-summary"] },
  },
});
