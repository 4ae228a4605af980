import { beforeEach, describe, expect, test } from '@jest/globals';
import type { NameRecord, NameService, ServiceRef } from '../../src/shared/ports/cloud.ts';
import { needs } from '../support/needs.ts';

export interface Harness {
  names: NameService;
  /** What Pods of the cluster get for a name relative to its zone, in order; targets relative too. */
  resolve(cluster: string, name: string, type: NameRecord['type']): Promise<string[]>;
  /** Requests that changed something. */
  writes(): number;
}

export const serviceRef = (name: string, more: Partial<ServiceRef> = {}): ServiceRef => ({
  cluster: 'default',
  namespace: 'ns',
  name,
  uid: `uid-${name}`,
  ...more,
});

export const a = (name: string, ...values: string[]): NameRecord => ({ name, type: 'A', values });

/** What every driver of NameService does. `lacks` says why records of one Service may not be found beside others'. */
export function nameServiceContract(
  driver: string,
  open: () => Harness | Promise<Harness>,
  { lacks }: { lacks?: string } = {},
): void {
  describe(`name service: ${driver}`, () => {
    let h: Harness;
    beforeEach(async () => {
      h = await open();
    });
    const web = serviceRef('web');

    test('names resolve to what was published, and to nothing else', async () => {
      await h.names.publish(web, [
        a('web.ns.svc', '10.0.0.1', '10.0.0.2'),
        a('web-0.web.ns.svc', '10.0.0.1'),
        { name: '_http._tcp.web.ns.svc', type: 'SRV', values: ['0 100 8080 web-0.web.ns.svc'] },
      ]);
      expect(await h.resolve('default', 'web.ns.svc', 'A')).toEqual(['10.0.0.1', '10.0.0.2']);
      expect(await h.resolve('default', 'web-0.web.ns.svc', 'A')).toEqual(['10.0.0.1']);
      expect(await h.resolve('default', '_http._tcp.web.ns.svc', 'SRV')).toEqual([
        '0 100 8080 web-0.web.ns.svc',
      ]);
      expect(await h.resolve('default', 'web.ns.svc', 'AAAA')).toEqual([]);
      expect(await h.names.list()).toEqual([web]);
    });

    test('the same again, in another order, writes nothing', async () => {
      const first = [a('web.ns.svc', '10.0.0.1', '10.0.0.2'), a('x.web.ns.svc', '10.0.0.1')];
      expect(await h.names.publish(web, first)).toBe(true);
      const before = h.writes();
      const again = [a('x.web.ns.svc', '10.0.0.1'), a('web.ns.svc', '10.0.0.2', '10.0.0.1')];
      expect(await h.names.publish(web, again)).toBe(false);
      expect(h.writes()).toBe(before);
    });

    test('what is not published any more does not resolve any more', async () => {
      await h.names.publish(web, [a('web.ns.svc', '10.0.0.1'), a('web-0.web.ns.svc', '10.0.0.1')]);
      expect(await h.names.publish(web, [a('web.ns.svc', '10.0.0.2')])).toBe(false);
      expect(await h.resolve('default', 'web.ns.svc', 'A')).toEqual(['10.0.0.2']);
      expect(await h.resolve('default', 'web-0.web.ns.svc', 'A')).toEqual([]);
    });

    test('addresses give way to a CNAME and come back', async () => {
      await h.names.publish(web, [a('web.ns.svc', '10.0.0.1')]);
      await h.names.publish(web, [{ name: 'web.ns.svc', type: 'CNAME', values: ['example.com.'] }]);
      expect(await h.resolve('default', 'web.ns.svc', 'CNAME')).toEqual(['example.com.']);
      expect(await h.resolve('default', 'web.ns.svc', 'A')).toEqual([]);
      await h.names.publish(web, [a('web.ns.svc', '10.0.0.1')]);
      expect(await h.resolve('default', 'web.ns.svc', 'A')).toEqual(['10.0.0.1']);
    });

    test('no records leave nothing behind', async () => {
      expect(await h.names.publish(web, [])).toBe(false);
      expect(h.writes()).toBe(0);
      await h.names.publish(web, [a('web.ns.svc', '10.0.0.1')]);
      expect(await h.names.publish(web, [])).toBe(false);
      expect(await h.resolve('default', 'web.ns.svc', 'A')).toEqual([]);
      expect(await h.names.list()).toEqual([]);
    });

    const { test: beside } = needs(lacks);
    const why = lacks ? ` (${lacks})` : '';
    beside(`withdraw removes every record, also a second time, and leaves the neighbours${why}`, async () => {
      const neighbours = ['webb', 'web-1', 'we', 'other'].map((name) => serviceRef(name));
      for (const ref of neighbours) await h.names.publish(ref, [a(`${ref.name}.ns.svc`, '10.0.0.9')]);
      const branch = serviceRef('web', { cluster: 'branch', uid: 'branch' });
      const elsewhere = serviceRef('web', { namespace: 'other', uid: 'elsewhere' });
      await h.names.publish(branch, [a('web.ns.svc', '10.0.0.8')]);
      await h.names.publish(elsewhere, [a('web.other.svc', '10.0.0.7')]);
      await h.names.publish(web, [a('web.ns.svc', '10.0.0.1'), a('web-0.web.ns.svc', '10.0.0.1')]);
      await h.names.withdraw(web);
      await h.names.withdraw(web);
      expect(await h.resolve('default', 'web-0.web.ns.svc', 'A')).toEqual([]);
      expect(await h.resolve('default', 'webb.ns.svc', 'A')).toEqual(['10.0.0.9']);
      expect(await h.resolve('branch', 'web.ns.svc', 'A')).toEqual(['10.0.0.8']);
      expect(await h.resolve('default', 'web.other.svc', 'A')).toEqual(['10.0.0.7']);
      expect((await h.names.list()).map((r) => r.uid).sort()).toEqual(
        [...neighbours, branch, elsewhere].map((r) => r.uid).sort(),
      );
    });

    test('the records of a Service made anew are not withdrawn with the former', async () => {
      await h.names.publish(web, [a('web.ns.svc', '10.0.0.1')]);
      const fresh = serviceRef('web', { uid: 'new' });
      await h.names.publish(fresh, [a('web.ns.svc', '10.0.0.1')]);
      await h.names.withdraw(web);
      expect(await h.resolve('default', 'web.ns.svc', 'A')).toEqual(['10.0.0.1']);
      expect(await h.names.list()).toEqual([fresh]);
    });
  });
}
