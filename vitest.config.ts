import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'exercises/*/test.ts'],
    exclude: [...configDefaults.exclude, 'tests/home/**', 'tests/browser/**'],
    globalSetup: ['tests/setup.ts'],
    setupFiles: ['tests/lean-sdk.ts'],
    // Tests wait for servers and for each other as well as for a core; and files share what they import.
    maxWorkers: 3,
    isolate: false,
    // What was read of a file is kept for the next run, under a hash of it.
    experimental: { fsModuleCache: true },
    // A process lives for a thousand tests, most of whose objects die young.
    execArgv: ['--max-semi-space-size=64', '--min-semi-space-size=32'],
    // The SDK then runs workflows in the main thread: a thread of a worker costs most of a second of a core. Commands that
    // tests start as a person does (tests/rooms/cli/command.ts) leave it out, and have their threads.
    env: { TEMPORAL_DEBUG: '1' },
    // It is there for what hangs. On a busy machine the slowest tests take more than half a minute.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
