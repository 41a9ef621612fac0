import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'tests/home/**'],
    globalSetup: ['tests/setup.ts'],
    // Tests wait for servers and for each other as well as for a core; and files share what they import.
    maxWorkers: 3,
    isolate: false,
    // It is there for what hangs. On a busy machine the slowest tests take more than half a minute.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
