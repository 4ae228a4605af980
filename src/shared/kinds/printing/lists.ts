import type { Container } from '../schema/types.ts';

const most = 3;

/** The first three items and how many more there are: `a,b,c + 2 more...`. */
export function shortList(items: string[]): string {
  const head = items.slice(0, most).join(',');
  return items.length > most ? `${head} + ${items.length - most} more...` : head;
}

/** Writes the column CONTAINERS. */
export const containerNames = (containers: Container[] | undefined): string =>
  (containers ?? []).map(({ name }) => name).join(',');

/** Writes the column IMAGES. */
export const containerImages = (containers: Container[] | undefined): string =>
  (containers ?? []).map(({ image }) => image ?? '').join(',');
