import type { DynamoDBRecord } from 'aws-lambda';
import type { LoggedChange } from '../../shared/controllers/manager/queue/index.ts';
import type { Change, Storage, WatchScope } from '../../shared/ports/storage.ts';
import type { Item } from '../drivers/dynamodb/layout.ts';

/** The new item of a record, with bytes as the SDK has them. Undefined for removals. */
export function imageOf({ eventName, dynamodb }: DynamoDBRecord): Item | undefined {
  const image = dynamodb?.NewImage;
  if (eventName === 'REMOVE' || !image) return undefined;
  return Object.fromEntries(
    Object.entries(image).map(([name, value]) => [
      name,
      typeof value.B === 'string' ? { B: Buffer.from(value.B, 'base64') } : value,
    ]),
  ) as Item;
}

/** Lets a change pass through what protects the storage, as a watch would: sealed values come out opened. */
export function openedBy(
  protect: (storage: Storage) => Storage,
): (logged: LoggedChange) => Promise<LoggedChange> {
  const changes = new Map<WatchScope, Change>();
  const inner = {
    async *watch(scope: WatchScope) {
      yield changes.get(scope)!;
    },
  } as Partial<Storage> as Storage;
  const outer = protect(inner);
  const { signal } = new AbortController();
  return async ({ change, at }) => {
    const { cluster, resource } = change.object.key;
    const scope = { cluster, resource };
    changes.set(scope, change);
    try {
      for await (const opened of outer.watch(scope, '', signal))
        if (opened.type !== 'progress') return { change: opened, at };
      throw new Error('a change got lost on its way');
    } finally {
      changes.delete(scope);
    }
  };
}
