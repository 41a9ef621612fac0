#!/usr/bin/env node
import { runCli } from './index.ts';

// What a command has left behind, such as the SDK's threads, must not keep the process alive; what it has
// written is out: on Linux and macOS files, pipes and terminals are written to at once.
process.exit(await runCli(process.argv));
