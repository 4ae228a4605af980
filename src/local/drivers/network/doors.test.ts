import { expect, test } from '@jest/globals';
import { fixedDoors } from './doors.ts';

test('B13: a node port answers on each address of the node', () => {
  const service = {
    metadata: { name: 's' },
    spec: { type: 'NodePort' as const, clusterIP: '10.0.0.9', ports: [{ port: 80, nodePort: 30080 }] },
  };
  expect(
    fixedDoors(service, ['127.0.0.1', '10.128.0.1']).map(({ address, port }) => `${address}:${port}`),
  ).toEqual(['10.0.0.9:80', '127.0.0.1:30080', '10.128.0.1:30080']);
});
