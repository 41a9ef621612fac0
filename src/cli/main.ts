#!/usr/bin/env node
import { runCli } from './index.ts';

// Whoever does not read on, as `| head` does, wants no stack trace either. What is under way ends by `untilInterrupted`.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const exitCode = await runCli(process.argv);
// A pipe takes what was written in its own time. After that, what a command has left behind, such as the
// threads of the SDK, must not keep the process alive.
process.stdout.write('', () => process.exit(exitCode));
