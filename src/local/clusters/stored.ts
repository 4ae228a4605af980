import type { AnyObject } from '../../shared/meta/object.ts';
import type { Storage, Stored } from '../../shared/ports/storage.ts';

export const parsed = <T>({ value }: Stored): T => JSON.parse(Buffer.from(value).toString()) as T;

/** Writes a stored object as `edit` leaves it, past the API: for what nobody may ask for. Claims are not kept. */
export function edited(storage: Storage, stored: Stored, edit: (object: AnyObject) => void): Promise<Stored> {
  const object = parsed<AnyObject>(stored);
  edit(object);
  const { claims: _, ...index } = stored.index;
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
