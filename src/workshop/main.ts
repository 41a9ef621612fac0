#!/usr/bin/env node
import { runWorkshop } from './commands/run.ts';

// Whoever does not read on, as `| head` does, wants no stack trace either.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const { stdin: input, stdout: output, stderr: errors } = process;
const exitCode = await runWorkshop(process.argv, { input, output, errors });
// A pipe takes what was written in its own time.
output.write('', () => process.exit(exitCode));
