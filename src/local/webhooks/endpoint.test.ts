import { expect, test } from '@jest/globals';
import type { EndpointSlice, Service } from '../../shared/kinds/schema/types.ts';
import { endpointOf } from './endpoint.ts';

const wanted = { namespace: 'default', name: 'hooks' };
const serviceOf = (spec: Service['spec']): Service => ({ metadata: { name: 'hooks' }, spec });
const service = serviceOf({
  ports: [
    { name: 'https', port: 443 },
    { name: 'other', port: 80 },
  ],
});
const slice = (...endpoints: [address: string, ready?: boolean][]): EndpointSlice => ({
  metadata: { name: 'hooks-1' },
  addressType: 'IPv4',
  ports: [
    { name: 'other', port: 1 },
    { name: 'https', port: 8443 },
  ],
  endpoints: endpoints.map(([address, ready]) => ({
    addresses: [address],
    ...(ready !== undefined && { conditions: { ready } }),
  })),
});

test.each([
  { chance: 0, host: '10.0.0.1' },
  { chance: 0.99, host: '10.0.0.3' },
])('a ready endpoint of the port is chosen ($chance)', ({ chance, host }) => {
  const slices = [slice(['10.0.0.1']), slice(['10.0.0.2', false], ['10.0.0.3', true])];
  expect(endpointOf(wanted, { service, slices, chance })).toEqual({ host, port: 8443 });
});

test('a Service of another name leads there', () => {
  const external = serviceOf({ type: 'ExternalName', externalName: 'hooks.example.com' });
  expect(endpointOf({ ...wanted, port: 8443 }, { service: external, slices: [], chance: 0 })).toEqual({
    host: 'hooks.example.com',
    port: 8443,
  });
});

test.each([
  { why: 'service "hooks" not found', found: { service: undefined, slices: [] } },
  {
    why: 'no service port 443 found for service "hooks"',
    found: { service: serviceOf({ ports: [] }), slices: [] },
  },
  { why: 'no endpoints available for service "hooks"', found: { service, slices: [] } },
  {
    why: 'no endpoints available for service "hooks"',
    found: { service, slices: [slice(['10.0.0.1', false])] },
  },
])('without one it is told: $why', ({ why, found }) => {
  expect(() => endpointOf(wanted, { ...found, chance: 0.5 })).toThrow(why);
});
