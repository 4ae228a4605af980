import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ingress, IngressLoadBalancerIngress } from '../../src/shared/kinds/schema/types.ts';
import type {
  IngressEndpoints,
  Ingresses,
  IngressMember,
  IngressOutcome,
  IngressRef,
} from '../../src/shared/ports/cloud.ts';

/** What a driver has to offer so that the suite can judge it. */
export interface Harness {
  ingresses: Ingresses;
  /** What a request for this host and path gets there: `address:port` of an endpoint, or a status. */
  ask(point: IngressLoadBalancerIngress, host: string, path: string): Promise<string | undefined>;
  /** Where `web` and `api` are, for drivers that really go there. */
  places?: Record<'web' | 'api', { address: string; port: number }>;
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
const of = (...rules: ReturnType<typeof to>[]): Ingress => ({
  metadata: { name: 'any', namespace: 'default', uid: 'any' },
  spec: { rules },
});

const imagined = { web: { address: '10.0.1.1', port: 5000 }, api: { address: '10.0.1.2', port: 5000 } };

export function ingressesContract(driver: string, open: () => Promise<Harness>): void {
  describe(`ingresses: ${driver}`, () => {
    let h: Harness;
    let [web, api] = ['', ''];
    let both: IngressMember;
    const backends = (...services: string[]): IngressEndpoints[] =>
      services.map((service) => {
        const place = (h.places ?? imagined)[service as 'web' | 'api'];
        return { service, port: 80, endpoints: [{ portName: '', protocol: 'TCP', ready: true, ...place }] };
      });
    beforeAll(async () => {
      h = await open();
      [web, api] = Object.values(h.places ?? imagined).map(({ address, port }) => `${address}:${port}`) as [
        string,
        string,
      ];
      both = {
        ingress: of(to('web', '/'), to('api', '/api')),
        isServed: false,
        backends: backends('web', 'api'),
      };
    });
    afterAll(() => h.close());

    const at = ({ points = [] }: IngressOutcome, path: string, host = 'a.example.com') =>
      h.ask(points[0] ?? {}, host, path);

    test('tells where it is, and requests go by host and path', async () => {
      const served = await h.ingresses.ensure(refTo('paths'), [both]);
      expect(served).toMatchObject({ points: [{}], refused: new Map() });
      expect(served.points?.map(({ hostname, ip }) => hostname ?? ip)).toEqual([expect.any(String)]);
      expect(await at(served, '/x')).toBe(web);
      expect(await at(served, '/api/x')).toBe(api);
      expect(await at(served, '/x', 'b.example.com')).toBe('404');
    });

    test('a second ensure with nothing new changes nothing', async () => {
      const first = await h.ingresses.ensure(refTo('same'), [both]);
      expect((await h.ingresses.ensure(refTo('same'), [both])).points).toEqual(first.points);
    });

    test('changed rules are served at the same place', async () => {
      const before = await h.ingresses.ensure(refTo('moves'), [both]);
      const moved = { ingress: of(to('api', '/')), isServed: true, backends: backends('api') };
      const after = await h.ingresses.ensure(refTo('moves'), [moved]);
      expect(after.points).toEqual(before.points);
      expect(await at(after, '/x')).toBe(api);
    });

    test('endpoints that are not ready get nothing', async () => {
      const [backend] = backends('web');
      const endpoints = backend!.endpoints.map((e) => ({ ...e, ready: false }));
      const unready = {
        ingress: of(to('web', '/')),
        isServed: false,
        backends: [{ ...backend!, endpoints }],
      };
      const served = await h.ingresses.ensure(refTo('unready'), [unready]);
      expect(await at(served, '/')).toBe('503');
    });

    test('remove ends it, also a second time', async () => {
      const ref = refTo('removed');
      const served = await h.ingresses.ensure(ref, [both]);
      expect(await h.ingresses.list()).toContainEqual(ref);
      await h.ingresses.remove(ref);
      await h.ingresses.remove(ref);
      expect(await h.ingresses.list()).not.toContainEqual(ref);
      expect(await at(served, '/')).toBeUndefined();
    });

    test('Ingresses of a group are at one place, and who leaves takes along its own rules only', async () => {
      const ref = { cluster: 'default', namespace: '', name: 'shared', uid: 'group.ingress.k8s.aws/shared' };
      const one = (name: string, host: string): IngressMember => {
        const ingress = of(to(name, '/', host));
        return {
          ingress: { ...ingress, metadata: { name, namespace: name, uid: name } },
          isServed: false,
          backends: backends(name),
        };
      };
      const [first, second] = [one('web', 'a.example.com'), one('api', 'b.example.com')];
      const served = await h.ingresses.ensure(ref, [first!, second!]);
      expect(await at(served, '/', 'a.example.com')).toBe(web);
      expect(await at(served, '/', 'b.example.com')).toBe(api);
      expect(await h.ingresses.list()).toContainEqual(ref);
      expect((await h.ingresses.ensure(ref, [second!])).points).toEqual(served.points);
      expect(await at(served, '/', 'a.example.com')).toBe('404');
      expect(await at(served, '/', 'b.example.com')).toBe(api);
      await h.ingresses.remove(ref);
      expect(await h.ingresses.list()).not.toContainEqual(ref);
      expect(await at(served, '/', 'b.example.com')).toBeUndefined();
    });
  });
}
