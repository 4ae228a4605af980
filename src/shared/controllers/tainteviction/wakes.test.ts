import { expect, test } from '@jest/globals';
import type { Node, Pod, Toleration } from '../../kinds/schema/types.ts';
import type { ChangeInfo } from '../controller.ts';
import { pods } from '../resources.ts';
import { taintEviction } from './index.ts';

const watch = taintEviction.watches.find(({ resource }) => resource === pods)!;
const taint = { key: 'a', effect: 'NoExecute' } as const;
const pod = (nodeName?: string, tolerations?: Toleration[]): Pod => ({
  metadata: { name: 'p', namespace: 'n' },
  spec: { containers: [], ...(nodeName && { nodeName }), ...(tolerations && { tolerations }) },
});
const forSeconds = (tolerationSeconds: number): Toleration[] => [{ operator: 'Exists', tolerationSeconds }];

test.each<[string, Pod, Pod | undefined, string[]]>([
  ['that came to its Node', pod('m'), pod(), ['m']],
  ['that nobody has seen before', pod('m'), undefined, ['m']],
  ['that tolerates less', pod('m', forSeconds(5)), pod('m', forSeconds(60)), ['m']],
  ['that changed otherwise', pod('m', forSeconds(5)), pod('m', forSeconds(5)), []],
  ['without a Node', pod(undefined, forSeconds(5)), pod(), []],
])('a Pod %s wakes its tainted Node', async (_, object, old, woken) => {
  const get = async (_resource: unknown, _namespace: string, name: string): Promise<Node> => ({
    metadata: { name },
    spec: { taints: [taint] },
  });
  const change = { resource: 'pods', deleted: false, client: { get } } as unknown as ChangeInfo;
  const keys = await watch.keys(object, old, change);
  expect(keys.map(({ name }) => name)).toEqual(woken);
});
