import { badRequest } from '../../errors/common.ts';

/** Says by resource up to which revision a stream has been told. */
export type Place = Map<string, string>;

const firstRevision = '1';
/** A request that shows more does not get here: Node reads heads of this length. */
const longest = 16_384;

/**
 * Writes a place as the id of an event: `configmaps:1a,pods:zz`. Resources of which there was nothing yet are left out: so one
 * that comes to be is told from its beginning.
 */
export const placeText = (place: Place): string =>
  [...place]
    .filter(([, revision]) => revision !== firstRevision)
    .map(([resource, revision]) => `${resource}:${Number(revision).toString(36)}`)
    .join(',') || 'none';

const item = /^([a-z0-9.-]{1,300}):([0-9a-z]{1,11})$/;

/** Reads what a client was told last. Throws BadRequest. */
export function parsePlace(text: string): Place {
  const place: Place = new Map();
  if (text === 'none') return place;
  for (const part of text.slice(0, longest).split(',')) {
    const [, resource = '', digits = ''] = item.exec(part) ?? [];
    const revision = Number.parseInt(digits, 36);
    if (text.length > longest || !resource || !Number.isSafeInteger(revision))
      throw badRequest(`Last-Event-ID is no id that an event here has had`);
    place.set(resource, String(revision));
  }
  return place;
}

/** Returns where a resource was at a place. */
export const revisionAt = (place: Place, resource: string): string => place.get(resource) ?? firstRevision;
