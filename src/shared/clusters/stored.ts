import type { AnyObject } from '../meta/object.ts';
import type { Index, Storage, Stored } from '../ports/storage.ts';

export const parsed = <T>({ value }: Stored): T => JSON.parse(Buffer.from(value).toString()) as T;

/** Writes a stored object as `edit` leaves it, past the API: for what nobody may ask for. */
export function edited<T>(
  storage: Storage,
  stored: Stored,
  edit: (object: T) => void,
  index: Index = stored.index,
): Promise<Stored> {
  const object = parsed<T & AnyObject>(stored);
  edit(object);
  return storage.update(
    stored.key,
    stored.revision,
    (revision) => {
      object.metadata.resourceVersion = revision;
      return Buffer.from(JSON.stringify(object));
    },
    index,
  );
}
