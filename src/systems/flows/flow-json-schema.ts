import { z } from 'zod';
import { flowSchema, MAX_STEPS } from './flow-schema.ts';
import { ALIASES } from './nodes/names.ts';
import { SCHEMAS } from './nodes/schemas.ts';

/** As it is written into a file, or sent. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * A definition as JSON Schema (2020-12), for an editor that helps while one is written: with the names of the nodes, and
 * what the config of each has to be. What a definition means, such as its targets and cycles, no schema tells.
 */
export function flowJsonSchema(): JsonSchema {
  const whole = z.toJSONSchema(flowSchema, { io: 'input' });
  const { steps } = whole.properties as Record<string, z.core.JSONSchema.JSONSchema>;
  const step = steps?.additionalProperties as z.core.JSONSchema.JSONSchema;
  step.properties = { ...step.properties, node: { ...nodeOf(step), enum: [...NODE_NAMES] } };
  step.allOf = NODE_NAMES.map((node) => ({
    // For every other node it is nothing.
    if: { properties: { node: { not: { const: node } } } },
    else: {
      properties: { config: configSchemaOf(node) },
      ...(needsConfig(node) && { required: ['config'] }),
    },
  }));
  return {
    ...whole,
    title: 'A flow',
    properties: {
      ...whole.properties,
      steps: { ...steps, minProperties: 1, maxProperties: MAX_STEPS },
    },
  };
}

const NODE_NAMES = [...Object.keys(SCHEMAS), ...Object.keys(ALIASES)];

function schemaOf(node: string): z.ZodType {
  return SCHEMAS[(ALIASES[node] ?? node) as keyof typeof SCHEMAS];
}

function configSchemaOf(node: string): z.core.JSONSchema.JSONSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(schemaOf(node), { io: 'input' });
  return schema;
}

function needsConfig(node: string): boolean {
  return !schemaOf(node).safeParse({}).success;
}

function nodeOf({ properties }: z.core.JSONSchema.JSONSchema): object {
  return Object(properties?.node);
}
