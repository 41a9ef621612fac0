import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  drawFlow,
  type FlowDefinition,
  type FlowEvent,
  flowJsonSchema,
  readFlowFile,
  type VisitedStep,
} from '#systems/flows';

const CART = fileURLToPath(new URL('../../../fixtures/flows/abandoned_cart.yaml', import.meta.url));

const DRAWN = `flowchart TD
    Start([Start])
    step1["step_1<br/>send_message"]
    step2["step_2<br/>wait_answer"]
    step3["step_3<br/>notify_creator"]
    step4["step_4<br/>webhook"]
    step5["step_5<br/>explicity_wait"]
    step6["step_6<br/>send_message"]
    Start --> step1
    step1 --> step2
    step2 -->|condition_satisfied| step3
    step2 -->|condition_timeout| step4
    step3 --> End1([End])
    step4 --> step5
    step5 --> step6
    step6 --> End2([End])
`;

describe('a flow that is drawn', () => {
  it('is a flowchart with each step, its node, and where each event leads', async () => {
    expect(drawFlow(await readFlowFile(CART))).toBe(DRAWN);
  });

  it('has the path of a run marked: what was visited, the way, and where it is', async () => {
    const visited = [visit('step_1'), visit('step_2', 'condition_timeout')];

    const drawn = drawFlow(await readFlowFile(CART), { visited, current: 'step_4' });

    expect(drawn.startsWith(DRAWN), 'the same drawing').toBe(true);
    expect(
      drawn
        .slice(DRAWN.length)
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      'classDef visited fill:#c8e6c9,stroke:#2e7d32,color:#000',
      'class Start,step1,step2 visited',
      'linkStyle 0,1,3 stroke:#2e7d32,stroke-width:3px',
      'classDef current fill:#fff9c4,stroke:#f9a825,color:#000',
      'class step4 current',
    ]);
  });

  it('has the end marked that a run came to, and how often it was in a step', () => {
    const steps = {
      a: { node: 'webhook', max_visits: 3, condition: { not_satisfied: 'b' } },
      b: { node: 'explicit_wait', go_to: 'a' },
    };
    const visited = [visit('a', 'condition_not_satisfied'), visit('b'), visit('a')];

    const drawn = drawFlow(flow(steps), { visited, current: null });

    expect(drawn).toContain('step1["a<br/>webhook ×2"]');
    expect(drawn, 'a yes has no branch, and ends it').toContain(
      'step1 -->|condition_satisfied| End1([End])',
    );
    expect(drawn).toContain('class Start,step1,step2,End1 visited');
    expect(drawn).toContain('linkStyle 0,1,2,3 ');
    expect(drawn).not.toContain('current');
  });

  it('stays a drawing whatever a step is called', () => {
    const name = 'end"] --> x\n<script>&#`';

    const drawn = drawFlow(flow({ [name]: { node: 'send_message' } }, name));

    const [, , box] = drawn.split('\n');
    expect(box).toBe(
      '    step1["end#34;#93; --#62; x#10;#60;script#62;#38;#35;#96;<br/>send_message"]',
    );
  });
});

describe('the JSON Schema of a flow', () => {
  it('names each node and what its config has to be, the older spelling included', () => {
    const schema = flowJsonSchema();

    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    const { properties } = schema as { properties: { steps: Steps } };
    const { properties: ofStep, allOf } = properties.steps.additionalProperties;
    const nodes = ['branch', 'explicit_wait', 'notify_creator', 'send_message', 'wait_answer'];
    expect(ofStep.node.enum).toEqual([...nodes, 'webhook', 'explicity_wait']);
    expect(allOf.map((one) => one.if.properties.node.not.const)).toEqual(ofStep.node.enum);
    expect(allOf.at(-1)?.else.properties.config).toMatchObject({
      properties: { seconds: { default: 15, minimum: 0, maximum: 30 * 24 * 60 * 60 } },
    });
    const needy = allOf.filter((one) => one.else.required !== undefined);
    expect(
      needy.map((one) => one.if.properties.node.not.const),
      'need a config',
    ).toEqual(['branch']);
  });
});

interface Steps {
  readonly additionalProperties: {
    readonly properties: { readonly node: { readonly enum: readonly string[] } };
    readonly allOf: readonly {
      readonly if: {
        readonly properties: { readonly node: { readonly not: { readonly const: string } } };
      };
      readonly else: {
        readonly properties: { readonly config: object };
        readonly required?: readonly string[];
      };
    }[];
  };
}

function flow(steps: FlowDefinition['steps'], start_step = 'a'): FlowDefinition {
  return { name: 'x', version: '1', start_step, steps };
}

function visit(step: string, event_type: FlowEvent = 'condition_satisfied'): VisitedStep {
  return { step, node: '', visit: 1, event_type, completed_at: '2026-01-01T00:00:00.000Z' };
}
