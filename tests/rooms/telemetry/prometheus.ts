/** One line of an answer to Prometheus. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads a metrics endpoint, as Prometheus does. */
export async function scrape(address: string): Promise<readonly Sample[]> {
  const response = await fetch(`http://${address}/metrics`);
  const lines = (await response.text()).split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(sampleOf);
}

/** The values of one metric, each under its labels: `{ 'outcome=first step=deduct-fee system=fees': 1 }`. */
export function valuesOf(samples: readonly Sample[], name: string): Record<string, number> {
  const found = samples.filter((sample) => sample.name === name);
  return Object.fromEntries(found.map(({ labels, value }) => [textOf(labels), value]));
}

function textOf(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return pairs.toSorted().join(' ');
}

function sampleOf(line: string): Sample {
  const [, name = '', labels = '', value] = /^([^{ ]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)];
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, label, text]) => [label, text])),
    value: Number(value),
  };
}
