import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'tests/home/**'],
    globalSetup: ['tests/setup.ts'],
    // Tests wait for servers and for each other as well as for a core; and files share what they import.
    maxWorkers: 4,
    isolate: false,
    testTimeout: 40_000,
    hookTimeout: 40_000,
  },
});
