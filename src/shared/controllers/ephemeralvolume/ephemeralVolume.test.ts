import { describe, expect, test } from '@jest/globals';

import type { PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import type { ChangeInfo, EventFacts, ReconcileContext } from '../controller.ts';
import { ephemeralVolume } from './index.ts';

const spec: PersistentVolumeClaim['spec'] = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
};
const pod: Pod = {
  metadata: { namespace: 'ns', name: 'p', uid: 'u' },
  spec: {
    containers: [{ name: 'c' }],
    volumes: [
      { name: 'plain', emptyDir: {} },
      {
        name: 'own',
        ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: 'b' } }, spec } },
      },
    ],
  },
};
const owner = {
  apiVersion: 'v1',
  kind: 'Pod',
  name: 'p',
  uid: 'u',
  controller: true,
  blockOwnerDeletion: true,
};
const wanted: PersistentVolumeClaim = {
  metadata: { namespace: 'ns', name: 'p-own', labels: { a: 'b' }, ownerReferences: [owner] },
  spec,
};

/** Returns what is made and said for a Pod while this claim is there. */
async function done(object: Pod | undefined, claim?: PersistentVolumeClaim, refused?: Error) {
  const made: PersistentVolumeClaim[] = [];
  const said: EventFacts[] = [];
  const client = {
    get: async ({ plural }: { plural: string }, _namespace: string, name: string) =>
      plural === 'pods' ? object : name === claim?.metadata.name ? claim : undefined,
    create: async (_: unknown, each: PersistentVolumeClaim) => {
      if (refused) throw refused;
      made.push(each);
    },
  };
  const events = (_: unknown, event: EventFacts) => said.push(event);
  const ctx = { client, events } as unknown as ReconcileContext;
  const work = ephemeralVolume.reconcile({ cluster: 'default', namespace: 'ns', name: 'p' }, ctx);
  const error = await work.then(
    () => undefined,
    (reason: Error) => reason,
  );
  return { made, said: said.map(({ reason, message }) => `${reason} ${message}`), error };
}

describe('the claim of a volume of a Pod’s own', () => {
  test('is made of the template, and the Pod owns it', async () => {
    expect(await done(pod)).toEqual({ made: [wanted], said: [], error: undefined });
  });

  test('is made once, and not for a Pod that goes or is gone', async () => {
    const going = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    for (const each of [await done(pod, wanted), await done(going), await done(undefined)])
      expect(each).toEqual({ made: [], said: [], error: undefined });
  });

  test.each([
    ['nobody', []],
    ['a Pod of that name before it', [{ ...owner, uid: 'before' }]],
  ])('is not that of %s, and an Event says so', async (_, ownerReferences) => {
    const foreign = { ...wanted, metadata: { ...wanted.metadata, ownerReferences } };
    expect(await done(pod, foreign)).toEqual({
      made: [],
      said: [
        'FailedBinding ephemeral volume own: PVC ns/p-own was not created for pod ns/p (pod is not owner)',
      ],
      error: undefined,
    });
  });

  test('that is refused is told and tried again', async () => {
    const refusal = new Error('exceeded quota');
    expect(await done(pod, undefined, refusal)).toEqual({
      made: [],
      said: [`FailedBinding ephemeral volume own: create PVC p-own: ${refusal.message}`],
      error: refusal,
    });
  });

  test('is looked at again when a claim of its name goes', async () => {
    const [, claims] = ephemeralVolume.watches;
    const change = (deleted: boolean) =>
      ({ deleted, client: { list: async () => [pod] } }) as unknown as ChangeInfo;
    const key = { namespace: 'ns', name: 'p' };
    expect(await claims!.keys(wanted, undefined, change(true))).toEqual([key]);
    expect(await claims!.keys(wanted, undefined, change(false))).toEqual([]);
    const other = { metadata: { namespace: 'ns', name: 'p-plain' } };
    expect(await claims!.keys(other, undefined, change(true))).toEqual([]);
  });
});
