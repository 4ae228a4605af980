import { expect, test } from '@jest/globals';
import { endpointsOf } from './plan.ts';

test.each([
  ['ready', { ready: true }, { ready: true }],
  [
    'ready to its end, as where not ready addresses are published',
    { ready: true, terminating: true },
    { ready: true, isGoing: true },
  ],
  [
    'serving to its end',
    { ready: false, serving: true, terminating: true },
    { ready: false, lastResort: true },
  ],
])('an endpoint that is %s says so', (_, conditions, expected) => {
  const slice = {
    metadata: { name: 's' },
    addressType: 'IPv4' as const,
    endpoints: [{ addresses: ['10.0.0.1'], conditions }],
    ports: [{ name: '', port: 80 }],
  };
  const place = { portName: '', address: '10.0.0.1', port: 80, protocol: 'TCP' };
  expect(endpointsOf([slice])).toEqual([{ ...place, ...expected }]);
});
