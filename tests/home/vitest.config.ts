import { defineConfig } from 'vitest/config';

/** What is packed, installed and run elsewhere takes a core for half a minute: `.ci/run` does it, `npm test` does not. */
export default defineConfig({
  test: { include: ['tests/home/*.test.ts'], testTimeout: 120_000 },
});
