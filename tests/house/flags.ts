import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What the command line says; a flag that is none is told in one line, and ends the process with 2. */
export function readFlags<Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs<Config>(config);
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('\n')[0]}\n`);
    return process.exit(2);
  }
}
