#!/usr/bin/env node
import { runCli } from './index.ts';

const exitCode = await runCli(process.argv);
// A pipe takes what was written in its own time. After that, what a command has left behind, such as the
// threads of the SDK, must not keep the process alive.
process.stdout.write('', () => process.exit(exitCode));
