import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IngressEndpoints, Ingresses, IngressRef } from '../../src/shared/cloud/provider.ts';
import type { Ingress, IngressLoadBalancerIngress } from '../../src/shared/kinds/schema/types.ts';

/** What a driver has to offer so that the suite can judge it. */
export interface Harness {
  ingresses: Ingresses;
  /** What a request for this host and path gets there: `address:port` of an endpoint, or a status. */
  ask(hostname: string, host: string, path: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const refTo = (name: string): IngressRef => ({
  cluster: 'default',
  namespace: 'default',
  name,
  uid: `uid-of-${name}`,
});

const to = (service: string, path: string, host = 'a.example.com') => ({
  host,
  http: {
    paths: [
      { path, pathType: 'Prefix' as const, backend: { service: { name: service, port: { number: 80 } } } },
    ],
  },
});
const of = (...rules: ReturnType<typeof to>[]): Ingress => ({ metadata: { name: 'any' }, spec: { rules } });

/** `web` is at 10.0.1.1 and `api` at 10.0.1.2. */
const backends = (...services: string[]): IngressEndpoints[] =>
  services.map((service) => ({
    service,
    port: 80,
    endpoints: [
      {
        portName: '',
        address: service === 'web' ? '10.0.1.1' : '10.0.1.2',
        port: 5000,
        protocol: 'TCP',
        ready: true,
      },
    ],
  }));
const [web, api] = ['10.0.1.1:5000', '10.0.1.2:5000'];

export function ingressesContract(driver: string, open: () => Promise<Harness>): void {
  describe(`ingresses: ${driver}`, () => {
    let h: Harness;
    beforeAll(async () => {
      h = await open();
    });
    afterAll(() => h.close());

    const both = of(to('web', '/'), to('api', '/api'));
    const at = ([point]: IngressLoadBalancerIngress[], path: string, host = 'a.example.com') =>
      h.ask(point?.hostname ?? 'none', host, path);

    test('tells where it is, and requests go by host and path', async () => {
      const points = await h.ingresses.ensure(refTo('paths'), both, backends('web', 'api'));
      expect(points).toEqual([{ hostname: expect.any(String) }]);
      expect(await at(points, '/x')).toBe(web);
      expect(await at(points, '/api/x')).toBe(api);
      expect(await at(points, '/x', 'b.example.com')).toBe('404');
    });

    test('a second ensure with nothing new changes nothing', async () => {
      const first = await h.ingresses.ensure(refTo('same'), both, backends('web', 'api'));
      expect(await h.ingresses.ensure(refTo('same'), both, backends('web', 'api'))).toEqual(first);
    });

    test('changed rules are served at the same place', async () => {
      const before = await h.ingresses.ensure(refTo('moves'), both, backends('web', 'api'));
      const after = await h.ingresses.ensure(refTo('moves'), of(to('api', '/')), backends('api'));
      expect(after).toEqual(before);
      expect(await at(after, '/x')).toBe(api);
    });

    test('endpoints that are not ready get nothing', async () => {
      const [backend] = backends('web');
      const endpoints = backend!.endpoints.map((e) => ({ ...e, ready: false }));
      const points = await h.ingresses.ensure(refTo('unready'), of(to('web', '/')), [
        { ...backend!, endpoints },
      ]);
      expect(await at(points, '/')).toBe('503');
    });

    test('remove ends it, also a second time', async () => {
      const ref = refTo('removed');
      const points = await h.ingresses.ensure(ref, both, backends('web', 'api'));
      expect(await h.ingresses.list()).toContainEqual(ref);
      await h.ingresses.remove(ref);
      await h.ingresses.remove(ref);
      expect(await h.ingresses.list()).not.toContainEqual(ref);
      expect(await at(points, '/')).toBeUndefined();
    });
  });
}
