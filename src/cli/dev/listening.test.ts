import { expect, test } from '@jest/globals';
import { judgeListening } from './listening.ts';

const told = { port: 1234, ip: '127.40.1.2', exposed: undefined as number | undefined };
const everywhere = (port: number) => ({ address: '', port });

test.each([
  { name: 'nothing listens yet', sockets: [], verdict: { kind: 'nothing' } },
  { name: 'on all addresses', sockets: [everywhere(1234)], verdict: { kind: 'asTold' } },
  { name: 'on $HOST', sockets: [{ address: told.ip, port: 1234 }], verdict: { kind: 'asTold' } },
  {
    name: 'on more ports than the one',
    sockets: [everywhere(9), everywhere(1234)],
    verdict: { kind: 'asTold' },
  },
  {
    name: 'on the lowest of others',
    sockets: [everywhere(9090), everywhere(3000)],
    verdict: { kind: 'elsewhere', port: 3000 },
  },
  {
    name: 'on the one that is exposed',
    sockets: [everywhere(9090), everywhere(3000)],
    exposed: 9090,
    verdict: { kind: 'elsewhere', port: 9090 },
  },
  {
    name: 'where a debugger does not count',
    sockets: [{ address: '127.0.0.1', port: 9229 }, everywhere(9300)],
    verdict: { kind: 'elsewhere', port: 9300 },
  },
  {
    name: 'on localhost alone',
    sockets: [
      { address: '127.0.0.1', port: 9229 },
      { address: '127.0.0.1', port: 1234 },
    ],
    verdict: { kind: 'unreachable', at: { address: '127.0.0.1', port: 1234 } },
  },
])('a program that listens $name', ({ sockets, exposed, verdict }) =>
  expect(judgeListening(sockets, { ...told, exposed })).toEqual(verdict),
);
