import { expect, test } from '@jest/globals';
import type { ControllerRevision } from '../../kinds/schema/types.ts';
import { revisionsOf, type Versioned } from './plan.ts';

const owner = (image: string): Versioned => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'd', namespace: 'default', uid: 'd' },
  template: { spec: { containers: [{ name: 'c', image }] } },
  collisionCount: 0,
});
const numbered = (image: string, revision: number | bigint): ControllerRevision => ({
  ...revisionsOf(owner(image), []).update,
  revision: revision as number,
});

test.each<[number | bigint, number | bigint]>([
  [1, 2],
  [Number.MAX_SAFE_INTEGER, 9_007_199_254_740_992n],
  [3_546_343_826_724_305_832n, 3_546_343_826_724_305_833n],
])('B9: after revision %s comes %s', (last, next) => {
  const { update, change } = revisionsOf(owner('app:3'), [numbered('app:2', last), numbered('app:1', 1)]);
  expect([update.revision, change]).toEqual([next, 'create']);
});

test('B9: of revisions that no number holds the newest is the last, and an old one comes after it again', () => {
  const found = [numbered('app:2', 2n ** 60n + 1n), numbered('app:1', 2n ** 60n)];
  expect(revisionsOf(owner('app:2'), found).change).toBeUndefined();
  const { update, change } = revisionsOf(owner('app:1'), found);
  expect([update.revision, change]).toEqual([2n ** 60n + 2n, 'renumber']);
});

test('the data of a revision has its keys in order, as clients that compare its bytes expect', () => {
  const { update } = revisionsOf(owner('app:1'), []);
  expect(JSON.stringify(update.data)).toBe(
    '{"spec":{"template":{"$patch":"replace","spec":{"containers":[{"image":"app:1","name":"c"}]}}}}',
  );
});

test('a revision has the annotations of what it is of, all of them', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'one' };
  const annotated = { ...owner('app:1'), metadata: { ...owner('app:1').metadata, annotations } };
  expect(revisionsOf(annotated, []).update.metadata.annotations).toEqual(annotations);
});
