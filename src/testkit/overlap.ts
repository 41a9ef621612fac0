import type { Evidence, RequestRecord } from './evidence.ts';

/**
 * The most requests that were in flight at one common instant, told by the order of the recorder's
 * moments: every one of them had been sent, and none had been answered.
 */
export function overlap({ requests }: Pick<Evidence, 'requests'>): number {
  // The number in flight rises only when a request is sent, so its peak is at the moment of a sending.
  const peaks = requests.map(
    ({ sent }) => requests.filter((request) => inFlightAt(request, sent.order)).length,
  );
  return Math.max(0, ...peaks);
}

function inFlightAt({ sent, answered }: RequestRecord, order: number): boolean {
  return sent.order <= order && (answered === undefined || answered.order > order);
}
