import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Logger } from '../../observability/logger.ts';
import { pods } from '../resources.ts';
import { Informer } from './informer.ts';
import type { SourceEvent } from './source.ts';

const pod = (resourceVersion: string, deletionTimestamp?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ namespace: 'n', name: 'p', uid: 'p', resourceVersion },
    ...(deletionTimestamp && { deletionTimestamp }),
  },
});
const itemOf = (object: KubeObject) => ({
  ...{ namespace: 'n', name: 'p', revision: Number(object.metadata.resourceVersion) },
  ...{ notable: () => true, holds: () => false, parse: () => object },
});

test('who follows a change is told what was told before, not what was assumed meanwhile', async () => {
  const next = [Promise.withResolvers<SourceEvent>(), Promise.withResolvers<SourceEvent>()];
  const source = {
    async *listWatch() {
      for (const each of next) yield await each.promise;
    },
  };
  const clock = new ManualClock();
  const informer = new Informer(pods, { source, clock, log: {} as Logger, cluster: 'default' });
  informer.lean = false;
  const told: (string | undefined)[][] = [];
  informer.onChange((object, old) =>
    told.push([old?.metadata.deletionTimestamp, object.metadata.deletionTimestamp]),
  );
  const ends = new AbortController();
  const over = informer.run(ends.signal);
  next[0]!.resolve({ type: 'snapshot', items: [itemOf(pod('1'))], revision: 1 });
  await informer.synced;
  // A deletion that took until the second in which the Pod's grace ends.
  informer.assume('n', 'p', () => pod('1', '2026-01-01T00:00:01Z'));
  informer.assume('n', 'p', (known) => ({ ...known }));
  ends.abort();
  next[1]!.resolve({ type: 'put', item: itemOf(pod('2', '2026-01-01T00:00:01Z')) });
  await over;
  expect(told).toEqual([
    [undefined, undefined],
    [undefined, '2026-01-01T00:00:01Z'],
  ]);
});
