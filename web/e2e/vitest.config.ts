import { defineConfig } from "vitest/config";

// The browser's tests run one after another on the built pages: npm run build first.
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
