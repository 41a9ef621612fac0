import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import { createBarrier, listen } from '#testkit';
import { alive, commandLineOf, familyOf } from '../cli/command.ts';
import { copyRepository } from './copy.ts';

describe('Ctrl-C while an exercise is judged', { timeout: 90_000 }, () => {
  it('ends the command with 130, and leaves no process of it', async () => {
    await using copy = await copyRepository(['09-exactly-once-myth']);
    const judged = createBarrier(1);
    await using service = await listen(
      express().get('/:server', (_request, response) => {
        void judged.arrive();
        response.end();
      }),
    );
    await writeFile(copy.path(AT, 'test.ts'), testThatWaits(service.url));
    const main = await plainJs(pathToFileURL(copy.path('src/workshop/main.ts')));
    const command = spawn(process.execPath, [fileURLToPath(main), 'check', '09'], {
      cwd: copy.root,
      stdio: 'ignore',
    });
    const ended = once(command, 'exit');
    await Promise.race([judged.opened, ended]);
    const family = familyOf(command.pid ?? 0);
    command.kill('SIGINT');
    const [exitCode] = await ended;

    expect(family.length, 'a server, a worker, and perhaps a spare one').toBeGreaterThanOrEqual(2);
    expect(exitCode).toBe(130);
    expect(alive(family).map(commandLineOf), 'processes that are left').toEqual([]);
  });
});

const AT = 'exercises/09-exactly-once-myth';

/** It is given a Temporal server, tells of it, and never ends. */
function testThatWaits(url: string): string {
  return `import { inject, it } from 'vitest';

it('waits', async () => {
  const temporal = inject('testServer');
  await fetch('${url}/' + temporal.address);
  await new Promise(() => {});
});
`;
}
