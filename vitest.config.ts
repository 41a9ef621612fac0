import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/setup.ts'],
    // Most tests wait for a server, not for a core; and files share what they import.
    maxWorkers: 3,
    isolate: false,
    testTimeout: 40_000,
    hookTimeout: 40_000,
  },
});
