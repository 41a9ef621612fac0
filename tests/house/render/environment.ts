import { table } from './region.ts';

/** The part of a variable's declaration that readers need. */
export interface VariableDocs {
  readonly schema: { safeParse(value: unknown): { data?: unknown } };
  readonly meaning: string;
  readonly example?: string | undefined;
}

export type EnvironmentDocs = Readonly<Record<string, VariableDocs>>;

/** `.env.example`: every variable commented out, so that a copy of the file changes nothing. */
export function renderEnvExample(environment: EnvironmentDocs): string {
  const entries = Object.entries(environment).map(
    ([name, variable]) => `# ${variable.meaning}\n# ${name}=${shown(variable)}\n`,
  );
  return [HEAD, ...entries].join('\n');
}

/** The README's table of variables. */
export function renderEnvironmentTable(environment: EnvironmentDocs): string {
  return table(
    ['Variable', 'Default', 'Meaning'],
    Object.entries(environment).map(([name, variable]) => {
      const value = defaultOf(variable);
      return [`\`${name}\``, value === undefined ? '' : `\`${value}\``, variable.meaning];
    }),
  );
}

const HEAD = `# Generated from src/config.ts by "npm run fix".
# Copy to .env, take the # off what you need, and load it: node --env-file=.env …
`;

function shown(variable: VariableDocs): string {
  return defaultOf(variable) ?? variable.example ?? '';
}

function defaultOf({ schema }: VariableDocs): string | undefined {
  const { data } = schema.safeParse(undefined);
  return data === undefined ? undefined : JSON.stringify(data).replaceAll('"', '');
}
