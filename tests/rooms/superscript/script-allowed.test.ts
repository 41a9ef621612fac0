import { chmod, mkdir, mkdtemp, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createScripts } from '#systems/superscript';
import { misbehavingScripts } from './script-folder.ts';

const AMPLE = { timeoutMs: 30_000 };
const SCRIPT = '#!/usr/bin/env bash\necho done\n';

describe('a script', () => {
  it.each([
    ['pay.sh; touch x', 'ScriptNotAllowedError', 'it is not on the list'],
    ['', 'ScriptNotAllowedError', 'it is not on the list'],
    ['../outside.sh', 'ScriptNotAllowedError', 'leads out of'],
    ['link-out.sh', 'ScriptNotAllowedError', 'leads out of'],
    ['folder.sh', 'ScriptNotAllowedError', 'not a regular file'],
    ['missing.sh', 'ScriptMissingError', 'put it there'],
    ['dangling.sh', 'ScriptMissingError', 'put it there'],
    ['plain.sh', 'ScriptNotExecutableError', 'chmod +x'],
    ['crlf.sh', 'ScriptNotExecutableError', 'CR LF'],
    ['no-interpreter.sh', 'ScriptNotExecutableError', '#!'],
    ['strange-interpreter.sh', 'ScriptNotExecutableError', '"/nowhere/bash"'],
    ['empty.sh', 'ScriptNotExecutableError', '#!'],
  ])('named %j is not started: %s', async (name, error, reason) => {
    await using place = await placeOfScripts();

    const run = place.scripts.run(name, [], AMPLE);

    await expect(run).rejects.toMatchObject({ name: error, fatal: true, outcome: undefined });
    await expect(run).rejects.toThrow(reason);
  });

  it('behind a link within the folder runs', async () => {
    await using place = await placeOfScripts();

    expect(await place.scripts.run('link.sh', [], AMPLE)).toMatchObject({
      exitCode: 0,
      stdout: 'done\n',
    });
  });

  it('gets its arguments as they are, and reads nothing of them as a command', async () => {
    await using scripts = misbehavingScripts();
    const hostile = [
      '; touch x',
      '$(touch x)',
      '`touch x`',
      '-n',
      '',
      'two words',
      '*',
      'a\nb',
      '"\'',
    ];

    const { stdout } = await scripts.run('says-all.sh', hostile, AMPLE);

    expect(stdout.slice(0, stdout.indexOf('variable '))).toBe(
      hostile.map((argument) => `argument <${argument}>\n`).join(''),
    );
    expect(stdout, 'its folder').toContain(' has 0\n');
  });

  it.each([
    ['an argument with NUL', ['a\0b'], {}, /NUL/],
    [
      'arguments that are too long',
      Array.from({ length: 40 }, () => 'x'.repeat(120_000)),
      {},
      /too long/,
    ],
    ['BASH_ENV', [], { BASH_ENV: '/tmp/x' }, /"BASH_ENV"/],
    ['a function in a variable', [], { 'BASH_FUNC_cat%%': '() { true; }' }, /"BASH_FUNC_cat%%"/],
    ['a variable with NUL', [], { A: 'a\0' }, /"A"/],
  ])('is not started with %s', async (_what, args, env, reason) => {
    await using scripts = misbehavingScripts();

    const run = scripts.run('says-all.sh', args, { ...AMPLE, env });

    await expect(run).rejects.toMatchObject({ name: 'ScriptInputError', fatal: true });
    await expect(run).rejects.toThrow(reason);
  });

  it('sees what it needs of our environment, and no secret and no hook of a shell', async () => {
    await using place = await placeOfScripts();
    await using scripts = misbehavingScripts({
      PATH: process.env.PATH,
      LC_ALL: 'C',
      TEMPORAL_API_KEY: 'secret',
      DATABASE_URL: 'secret',
      BASH_ENV: place.hook,
      ENV: place.hook,
      'BASH_FUNC_cat%%': '() { echo hooked; }',
      SHELLOPTS: 'xtrace',
      IFS: 'a',
      LD_PRELOAD: '/nowhere.so',
      PS4: '$(touch x)',
    });

    const { stdout, stderr } = await scripts.run('says-all.sh', [], {
      ...AMPLE,
      env: { OWN: '1' },
    });

    const ofTheShell = ['PWD', 'OLDPWD', 'SHLVL', '_'];
    const names = [...stdout.matchAll(/^variable (\w+)=/gm)].map(([, name = '']) => name);
    expect(names.filter((name) => !ofTheShell.includes(name)).toSorted()).toEqual(
      ['LC_ALL', 'OWN', 'PATH', 'PRESS_TWICE_SCRIPT'], // The last one is how its descendants are found.
    );
    expect({ stderr, hooked: stdout.includes('hooked') }).toEqual({ stderr: '', hooked: false });
  });

  it('has nothing on stdin, and an empty folder that goes with it', async () => {
    await using scripts = misbehavingScripts();

    const { stdout } = await scripts.run('says-all.sh', [], AMPLE);

    const [, folder = '', files] = /^folder (.*) has (\d+)$/m.exec(stdout) ?? [];
    expect({ files, stdin: /stdin <(.*)>/.exec(stdout)?.[1] }).toEqual({ files: '0', stdin: '' });
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

async function placeOfScripts() {
  const outer = await realpath(await mkdtemp(join(tmpdir(), 'press-twice-allowed-')));
  const directory = join(outer, 'scripts');
  await mkdir(join(directory, 'folder.sh'), { recursive: true });
  const files = {
    '../outside.sh': SCRIPT,
    '../hook': 'echo hooked\n',
    'pay.sh': SCRIPT,
    'crlf.sh': SCRIPT.replaceAll('\n', '\r\n'),
    'no-interpreter.sh': 'echo done\n',
    'strange-interpreter.sh': SCRIPT.replace('/usr/bin/env ', '/nowhere/'),
    'empty.sh': '',
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, name), text, { mode: 0o755 });
  }
  await writeFile(join(directory, 'plain.sh'), SCRIPT);
  await chmod(join(directory, 'plain.sh'), 0o644);
  const links = { 'link.sh': 'pay.sh', 'link-out.sh': '../outside.sh', 'dangling.sh': 'nowhere' };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(directory, name));

  const names = [
    ...Object.keys(files),
    ...Object.keys(links),
    'plain.sh',
    'missing.sh',
    'folder.sh',
  ];
  const scripts = createScripts({ directory, names });
  return {
    scripts,
    hook: join(outer, 'hook'),
    async [Symbol.asyncDispose]() {
      await scripts[Symbol.asyncDispose]();
      await rm(outer, { recursive: true, force: true });
    },
  };
}
