import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** A dynamic configuration file: each key with its values, and where each of them holds. */
export type DynamicConfig = Readonly<Record<string, readonly ConstrainedValue[]>>;

export interface ConstrainedValue {
  readonly value: unknown;
  readonly constraints: Readonly<Record<string, string>>;
}

const FOLDER = '../../../fixtures/dynamicconfig';

/** What is known of the keys of one version of the server: each key with its precedence. */
export interface KnownKeys {
  readonly version: string;
  readonly precedences: ReadonlyMap<string, string>;
}

export async function readOrderService(): Promise<DynamicConfig> {
  const url = new URL(`${FOLDER}/order-service.yaml`, import.meta.url);
  return parseDynamicConfig(await readFile(url, 'utf8'));
}

export function parseDynamicConfig(text: string): DynamicConfig {
  return parse(text) as DynamicConfig;
}

export async function readKnownKeys(): Promise<KnownKeys> {
  const text = await readFile(new URL(`${FOLDER}/keys-1.29.1.txt`, import.meta.url), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' ') as [string, string]);
  return { version: '1.29.1', precedences: new Map(rows) };
}

/** What a server would not tell anybody of: keys that it does not know, and constraints that a key does not. */
export function flawsOf(config: DynamicConfig, { version, precedences }: KnownKeys): string[] {
  return Object.entries(config).flatMap(([key, values]) => {
    const precedence = precedences.get(key);
    if (precedence === undefined) return [`${key}: server ${version} has no such key`];
    const allowed = CONSTRAINTS[precedence] ?? [];
    const names = values.flatMap(({ constraints }) => Object.keys(constraints));
    return names
      .filter((name) => !allowed.includes(name))
      .map((name) => `${key}: a constraint by ${name} holds nowhere`);
  });
}

const CONSTRAINTS: Readonly<Record<string, readonly string[]>> = {
  Global: [],
  Namespace: ['namespace'],
  TaskQueue: ['namespace', 'taskQueueName', 'taskQueueType'],
};
