import { expect, test } from '@jest/globals';
import { FakeEfs } from '../../../../test/support/aws/fakeEfs.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { openSender } from '../sender.ts';
import { openEfsVolumes } from './index.ts';
import { openVolumeParts } from './parts.ts';

const ref = (uid: string) => ({ cluster: 'default', namespace: 'ns', name: 'data', uid });
const storageClass = {
  metadata: { name: 'efs' },
  provisioner: 'efs.csi.aws.com',
  parameters: { provisioningMode: 'efs-ap', fileSystemId: 'fs-1', uid: '7', gid: '8', directoryPerms: '750' },
};

async function world() {
  const efs = new FakeEfs(['fs-1']);
  const parts = { clock: new ManualClock(), ids: seededIds(), attempts: 1 };
  const points = { client: efs.client, deployment: 'dev', send: openSender(parts), clock: parts.clock };
  const volumes = openEfsVolumes({ ...points, ...parts });
  const { pointOf, tidy } = openVolumeParts(points);
  const { spec } = await volumes.provision(ref('u'), { metadata: {} }, storageClass);
  /** As often as a Pod is started until its volume can be mounted. */
  const ready = async (id: string, path: string) => {
    await expect(pointOf(id, path)).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    return pointOf(id, path);
  };
  return { efs, clock: parts.clock, points, volumes, pointOf, tidy, ready, spec };
}

test('a folder of a volume is an access point with the user, owner and mode of the volume', async () => {
  const { efs, ready } = await world();
  const id = await ready('fsap-1', 'a//b/./c/');
  const part = efs.points.get(id);
  const whole = efs.points.get('fsap-1');
  expect(part).toEqual({
    ...whole,
    AccessPointId: id,
    ClientToken: expect.stringMatching(/^fsap-1-[0-9a-f]{40}$/),
    RootDirectory: { ...whole?.RootDirectory, Path: '/pvc-u/a/b/c' },
    Tags: [...(whole?.Tags ?? []), { Key: 'shallop.dev/part-of', Value: 'fsap-1' }],
  });
  expect(part?.RootDirectory?.CreationInfo).toEqual({ OwnerUid: 7, OwnerGid: 8, Permissions: '750' });
});

test('asked for again a folder is the same access point, another is another, and the whole is that of the volume', async () => {
  const { efs, pointOf, ready } = await world();
  const first = await ready('fsap-1', 'a');
  expect(await pointOf('fsap-1', 'a/')).toBe(first);
  expect(await ready('fsap-1', 'a/b')).not.toBe(first);
  expect(await pointOf('fsap-1', '.')).toBe('fsap-1');
  expect(efs.points.size).toBe(3);
});

test('of a part that a volume names the parts say what they are of, once, and nothing that people have added', async () => {
  const { efs, ready } = await world();
  const part = await ready('fsap-1', 'a');
  efs.points.get(part)!.Tags!.push({ Key: 'team', Value: 'red' });
  const { Tags = [] } = efs.points.get(await ready(part, 'b')) ?? {};
  expect(Tags.filter(({ Key }) => Key === 'shallop.dev/part-of')).toEqual([
    { Key: 'shallop.dev/part-of', Value: part },
  ]);
  expect(Tags).not.toContainEqual({ Key: 'team', Value: 'red' });
});

test('parts that are asked for at once are made with one look at their volume, then known for some minutes', async () => {
  const { efs, clock, pointOf } = await world();
  efs.calls.length = 0;
  const all = () => Promise.allSettled(['a', 'b', 'c'].map((path) => pointOf('fsap-1', path)));
  expect((await all()).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  const counted = Map.groupBy(efs.calls, (call) => call);
  expect([...counted].map(([call, { length }]) => [call, length])).toEqual([
    ['DescribeAccessPoints', 4],
    ['CreateAccessPoint', 3],
  ]);
  const ids = await all();
  efs.calls.length = 0;
  await clock.advance(500_000);
  expect(await all()).toEqual(ids);
  expect(efs.calls).toEqual([]);
  // Somebody deletes one.
  efs.points.delete(await pointOf('fsap-1', 'b'));
  await clock.advance(100_000);
  expect((await all()).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('parts are no volumes of their own, and tidied away when theirs has been removed', async () => {
  const { efs, volumes, ready, spec, tidy } = await world();
  const other = await volumes.provision(ref('v'), { metadata: {} }, storageClass);
  for (const path of ['a', 'b', 'c']) await ready('fsap-1', path);
  const kept = await ready('fsap-2', 'a');
  expect(await volumes.list()).toEqual([ref('u'), ref('v')]);
  await volumes.remove(ref('u'), spec);
  await tidy();
  expect([...efs.points.keys()]).toEqual(['fsap-2', kept]);
  // Where nobody knows where the volume is, they are found with it.
  await volumes.remove(ref('v'));
  expect(efs.points.size).toBe(0);
  await volumes.remove(ref('v'), other.spec);
});

test('parts that are left in great number go by and by', async () => {
  const { efs, ready, tidy } = await world();
  const id = await ready('fsap-1', 'a');
  for (let i = 0; i < 249; i++)
    efs.points.set(`fsap-x${i}`, { ...efs.points.get(id)!, AccessPointId: `fsap-x${i}` });
  efs.points.delete('fsap-1');
  efs.calls.length = 0;
  await tidy();
  expect(efs.points.size).toBe(50);
  expect(efs.calls.filter((call) => call === 'DeleteAccessPoint')).toHaveLength(200);
  await tidy();
  expect(efs.points.size).toBe(0);
});

test('a part that is made while its volume goes is tidied away', async () => {
  const { efs, pointOf, tidy } = await world();
  const { send } = efs.client;
  efs.client.send = async (command) => {
    const answer = await send(command);
    if (command.constructor.name.startsWith('Create')) efs.points.delete('fsap-1');
    return answer;
  };
  await expect(pointOf('fsap-1', 'a')).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
  await expect(pointOf('fsap-1', 'a')).rejects.toMatchObject({ reason: 'NotFound' });
  await tidy();
  expect(efs.points.size).toBe(0);
});

test.each(['AccessDeniedException', 'ThrottlingException'])(
  'a part that others mount stays when it cannot be looked at: %s',
  async (code) => {
    const { efs, points, ready } = await world();
    const id = await ready('fsap-1', 'a');
    const { pointOf } = openVolumeParts(points);
    const { send } = efs.client;
    // Only the first look is answered.
    let looks = 0;
    efs.client.send = async (command) => {
      if (command.constructor.name.startsWith('Describe') && ++looks > 1)
        throw Object.assign(new Error(code), { name: code, $fault: 'client' });
      return send(command);
    };
    await expect(pointOf('fsap-1', 'a')).rejects.toThrow(code);
    expect([...efs.points.keys()]).toEqual(['fsap-1', id]);
  },
);

test('a part whose volume is gone is tidied away, whoever missed it, and no other', async () => {
  const { efs, volumes, ready, tidy } = await world();
  await volumes.provision(ref('v'), { metadata: {} }, storageClass);
  const left = await ready('fsap-1', 'a');
  const kept = await ready('fsap-2', 'a');
  await tidy();
  expect(efs.points.size).toBe(4);
  efs.points.delete('fsap-1');
  await tidy();
  expect([...efs.points.keys()]).toEqual(['fsap-2', kept]);
  expect(kept).not.toBe(left);
});

test.each([
  ['a/b/c/d', 'the root of an access point is 4 folders deep and 100 characters long at most'],
  ['x'.repeat(95), 'the root of an access point is 4 folders deep and 100 characters long at most'],
  ['.git', 'the root of an access point has no folder that begins with . or holds'],
  ['a/$b', 'the root of an access point has no folder that begins with . or holds'],
  ['../pvc-v', '../pvc-v leads out of the volume'],
])('%s is refused', async (path, message) => {
  const { efs, pointOf } = await world();
  await expect(pointOf('fsap-1', path)).rejects.toMatchObject({
    reason: 'Invalid',
    message: expect.stringContaining(message),
  });
  expect(efs.points.size).toBe(1);
});

test("a stranger's access point gets no parts: nobody would take them away", async () => {
  const { efs, points } = await world();
  const { pointOf } = openVolumeParts({ ...points, deployment: 'prod' });
  await expect(pointOf('fsap-1', 'a')).rejects.toMatchObject({
    reason: 'Invalid',
    message: expect.stringMatching(
      /^access point fsap-1 was not made for a claim here: make one for the folder/,
    ),
  });
  expect(efs.points.size).toBe(1);
});
