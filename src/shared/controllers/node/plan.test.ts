import { expect, test } from '@jest/globals';
import { fakeNode } from '../../fake/fakeNode.ts';
import { nodeStatus } from './plan.ts';

const portIn = (before: number | undefined, port?: number) => {
  const current =
    before === undefined ? undefined : { daemonEndpoints: { kubeletEndpoint: { Port: before } } };
  return nodeStatus(fakeNode('n'), current, 0, port).daemonEndpoints;
};

test.each([
  ['the port of this start', 10_250, 40_000, 40_000],
  ['none, where there is none', 10_250, 0, 0],
  ['what somebody else has written, where nobody knows', 10_250, undefined, 10_250],
  ['none at first', undefined, undefined, 0],
])('a Node says of its kubelet: %s', (_, before, port, wanted) => {
  expect(portIn(before, port)).toEqual({ kubeletEndpoint: { Port: wanted } });
});
