#!/usr/bin/env node
import { runCli } from './index.ts';

const exitCode = await runCli(process.argv);
// After a signal something may still be under way, and nobody waits for it any more.
if (exitCode >= 128) process.exit(exitCode);
process.exitCode = exitCode;
