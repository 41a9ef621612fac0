import type { Place } from './cell.ts';

/** So many places, the earlier ones first: each activity of a scenario as often as the others, in the window that was seldom taken. */
export function sampleOf(places: readonly Place[], count: number): readonly Place[] {
  const waiting = new Set(places);
  const chosen: Place[] = [];
  const times = new Map<string, number>();
  const timesOf = (name: string) => times.get(name) ?? 0;
  const crowding = (place: Place) =>
    timesOf(activityIn(place)) * places.length + timesOf(place.window);
  while (chosen.length < count && waiting.size > 0) {
    const next = [...waiting].reduce((best, one) => (crowding(one) < crowding(best) ? one : best));
    waiting.delete(next);
    chosen.push(next);
    for (const name of [activityIn(next), next.window]) times.set(name, timesOf(name) + 1);
  }
  return chosen;
}

/** A fault of a whole run shows most for its time, and takes nothing from the share of an activity. */
function activityIn({ rows, window }: Place): string {
  const [{ scenario, activity }, ...others] = rows;
  return JSON.stringify(others.length > 0 ? [scenario, window] : [scenario, activity, 'alone']);
}
