import type { Wait } from '../node.ts';
import type { Config } from './schema.ts';

/** Decides by what the flow knows. */
export const wait: Wait<Config> = async (config, { input, results }) => {
  const value = at({ input, results }, config.path);
  const holds = isTrue(config, value);
  return {
    event: holds ? 'condition_satisfied' : 'condition_not_satisfied',
    output: isSmall(value) ? { value: value ?? null } : {},
  };
};

/** Results go along with the flow to its end, and the server ends one that hands on 2 MiB. */
function isSmall(value: unknown): boolean {
  if (typeof value === 'object') return value === null;
  return typeof value !== 'string' || value.length <= MAX_VALUE_LENGTH;
}

const MAX_VALUE_LENGTH = 1_000;

function isTrue(config: Config, value: unknown): boolean {
  if ('equals' in config) return value === config.equals;
  if ('not_equals' in config) return value !== config.not_equals;
  if ('exists' in config) return (value !== undefined) === config.exists;
  if (typeof value !== 'number') return false;
  return 'at_least' in config ? value >= config.at_least : value < config.less_than;
}

/** Own members only: what a definition names is data. */
function at(root: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const isMember = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isMember ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  }, root);
}
