import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LoadBalancerIngress, Service, ServicePort } from '../../src/shared/kinds/schema/types.ts';
import type { LoadBalancers, ServiceEndpoint, ServiceRef } from '../../src/shared/ports/cloud.ts';

/** What a driver has to offer so that the suite can judge it. */
export interface Harness {
  balancers: LoadBalancers;
  /** Three places that answer to visits; `address:port` is the answer. */
  places: { address: string; port: number }[];
  /** Whom a connection to this address reaches; undefined when nobody takes it. */
  visit(address: string, port: number): Promise<string | undefined>;
  /** The driver after a restart of the process: nothing is known but what is ensured again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const serviceRef = (name: string): ServiceRef => ({
  cluster: 'default',
  namespace: 'default',
  name,
  uid: `uid-of-${name}`,
});

export const balanced = (...ports: ServicePort[]): Service => ({
  metadata: { name: 'any' },
  spec: { type: 'LoadBalancer', ports },
});

const addressOf = (ingress: LoadBalancerIngress | undefined): string =>
  ingress?.hostname ?? ingress?.ip ?? 'none';

export const endpointAt = (
  place: { address: string; port: number },
  more: Partial<ServiceEndpoint> = {},
): ServiceEndpoint => ({ portName: '', protocol: 'TCP', ready: true, ...place, ...more });

export function loadBalancersContract(driver: string, open: () => Promise<Harness>): void {
  describe(`load balancers: ${driver}`, () => {
    let h: Harness;
    beforeAll(async () => {
      h = await open();
    });
    afterAll(() => h.close());

    const service = balanced({ port: 8080, protocol: 'TCP' });
    const endpoints = () => h.places.map((place) => endpointAt(place));
    const names = () => h.places.map((place) => `${place.address}:${place.port}`).sort();
    const visits = async ([ingress]: LoadBalancerIngress[], count: number, port = 8080) => {
      const seen: (string | undefined)[] = [];
      for (let i = 0; i < count; i++) seen.push(await h.visit(addressOf(ingress), port));
      return seen;
    };

    test('makes none for a Service of a class that is not its own', async () => {
      const spec = { ...service.spec, loadBalancerClass: 'theirs.example.com/lb' };
      const ref = serviceRef('others');
      expect(await h.balancers.ensure(ref, { ...service, spec }, endpoints())).toEqual([]);
      const own = { ...spec, loadBalancerClass: h.balancers.classes?.[0] ?? '' };
      expect(await h.balancers.ensure(ref, { ...service, spec: own }, endpoints())).toHaveLength(1);
      await h.balancers.remove(ref);
    });

    test('tells where the Service is, and each endpoint gets its share there', async () => {
      const ref = serviceRef('shares');
      const ingress = await h.balancers.ensure(ref, service, endpoints());
      expect(ingress).toEqual([
        ingress[0]?.hostname
          ? { hostname: expect.any(String) }
          : { ip: expect.any(String), ipMode: 'Proxy', ports: [{ port: 8080, protocol: 'TCP' }] },
      ]);
      const seen = await visits(ingress, 9);
      for (const name of names()) expect(seen.filter((s) => s === name)).toHaveLength(3);
    });

    test('a second ensure with nothing new changes nothing', async () => {
      const ref = serviceRef('same');
      const first = await h.balancers.ensure(ref, service, endpoints());
      expect(await h.balancers.ensure(ref, service, endpoints())).toEqual(first);
    });

    test('two Services have different addresses', async () => {
      const [a] = await h.balancers.ensure(serviceRef('a'), service, endpoints());
      const [b] = await h.balancers.ensure(serviceRef('b'), service, endpoints());
      expect(addressOf(a)).not.toBe(addressOf(b));
    });

    test('an endpoint that is not ready gets no new connection, and again gets some when it is', async () => {
      const ref = serviceRef('readiness');
      const [first, ...others] = endpoints();
      const ingress = await h.balancers.ensure(ref, service, [{ ...first!, ready: false }, ...others]);
      expect(new Set(await visits(ingress, 6))).toEqual(new Set(names().slice(1)));
      await h.balancers.ensure(ref, service, endpoints());
      expect(new Set(await visits(ingress, 6))).toEqual(new Set(names()));
    });

    test('without a ready endpoint nobody answers', async () => {
      const ingress = await h.balancers.ensure(serviceRef('empty'), service, []);
      expect(await visits(ingress, 1)).toEqual([undefined]);
    });

    test('each port leads to the endpoints of its name', async () => {
      const [one, two] = endpoints();
      const ports = balanced({ name: 'a', port: 8081 }, { name: 'b', port: 8082 });
      const ingress = await h.balancers.ensure(serviceRef('ports'), ports, [
        { ...one!, portName: 'a' },
        { ...two!, portName: 'b' },
      ]);
      expect(await visits(ingress, 2, 8081)).toEqual([names()[0], names()[0]]);
      expect(await visits(ingress, 2, 8082)).toEqual([names()[1], names()[1]]);
    });

    test('a changed port is served instead of the old one, at the same address', async () => {
      const ref = serviceRef('moves');
      const before = await h.balancers.ensure(ref, service, endpoints());
      const after = await h.balancers.ensure(ref, balanced({ port: 8090 }), endpoints());
      expect(addressOf(after[0])).toBe(addressOf(before[0]));
      expect(await visits(after, 1, 8080)).toEqual([undefined]);
      expect(names()).toContain((await visits(after, 1, 8090))[0]);
    });

    test('a Service that is no load balancer any more has no ingress', async () => {
      const ref = serviceRef('demoted');
      const before = await h.balancers.ensure(ref, service, endpoints());
      const demoted: Service = {
        // Its controller takes the finalizer away only when nothing is left.
        metadata: { name: 'any', finalizers: ['service.kubernetes.io/load-balancer-cleanup'] },
        spec: { type: 'ClusterIP', ports: [{ port: 8080 }] },
      };
      expect(await h.balancers.ensure(ref, demoted, endpoints())).toEqual([]);
      expect(await visits(before, 1)).toEqual([undefined]);
    });

    test('remove ends it, also a second time', async () => {
      const ref = serviceRef('removed');
      const ingress = await h.balancers.ensure(ref, service, endpoints());
      expect(await h.balancers.list()).toContainEqual(ref);
      await h.balancers.remove(ref);
      await h.balancers.remove(ref);
      expect(await h.balancers.list()).not.toContainEqual(ref);
      expect(await visits(ingress, 1)).toEqual([undefined]);
    });

    test('after a restart, ensure serves at the address that the status tells', async () => {
      const ref = serviceRef('restarted');
      const before = await h.balancers.ensure(ref, service, endpoints());
      await h.restart();
      const told: Service = { ...service, status: { loadBalancer: { ingress: before } } };
      expect(await h.balancers.ensure(ref, told, endpoints())).toEqual(before);
      expect(new Set(await visits(before, 6))).toEqual(new Set(names()));
    });
  });
}
