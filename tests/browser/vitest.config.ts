import { defineConfig } from 'vitest/config';

/** What needs a browser: `.ci/run` runs it, `npm test` does not. */
export default defineConfig({
  test: { include: ['tests/browser/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
