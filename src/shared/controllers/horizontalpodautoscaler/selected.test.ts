import { expect, test } from '@jest/globals';
import type { HorizontalPodAutoscaler, Pod } from '../../kinds/schema/types.ts';
import { withHistory } from './history.ts';
import { selectedBy } from './selected.ts';

const podOf = (name: string, app: string): Pod => ({ metadata: { name, labels: { app } } });
const all = [podOf('a', 'web'), podOf('b', 'web'), podOf('c', 'other')];
const hpaOf = (name: string, selector?: string): HorizontalPodAutoscaler =>
  withHistory({ metadata: { name, namespace: 'ns' } }, { ...(selector && { selector }) });
const mine = hpaOf('mine');

test.each<{ why: string; others: HorizontalPodAutoscaler[] }>([
  { why: 'there is no other', others: [] },
  { why: 'the other has not looked yet', others: [hpaOf('new')] },
  { why: 'the other has other Pods', others: [hpaOf('else', 'app=other')] },
  { why: 'what the other keeps makes no sense', others: [hpaOf('wrong', 'a in')] },
])('an autoscaler follows the Pods of its target when $why', ({ others }) => {
  expect(selectedBy('app=web', all, mine, [mine, ...others])).toEqual({
    selector: 'app=web',
    pods: [all[0], all[1]],
  });
});

test('it follows none that another follows too', () => {
  const why = 'pods by selector app=web are controlled by multiple HPAs: [ns/mine ns/too]';
  expect(selectedBy('app=web', all, mine, [mine, hpaOf('too', 'app in (web,db)')])).toEqual({
    selector: 'app=web',
    reason: 'AmbiguousSelector',
    why,
    condition: { reason: 'AmbiguousSelector', message: why },
  });
});

test.each([
  { selector: '', reason: 'SelectorRequired', says: 'InvalidSelector' },
  { selector: 'a in', reason: 'InvalidSelector', says: 'InvalidSelector' },
])('a selector "$selector" is refused', ({ selector, reason, says }) => {
  expect(selectedBy(selector, all, mine, [mine])).toMatchObject({ reason, condition: { reason: says } });
});
