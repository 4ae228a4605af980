import { describe, expect, test } from '@jest/globals';
import { fakeEcsWorld, podOf, settings } from '../../../../test/support/aws/fakeEcsWorld.ts';
import type { Pod, Service } from '../../../shared/kinds/schema/types.ts';
import type { PodSources } from '../../../shared/ports/cloud.ts';
import { viewsOf } from './context.ts';
import { blueprintOf } from './definition.ts';
import { serviceLinks } from './serviceLinks.ts';

const serviceOf = (name: string): Service => ({
  metadata: { name, namespace: 'ns' },
  spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] },
});
const ref = { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' };
const container = { name: 'c', image: 'app' };

function sourcesWith(count: number): PodSources & { asked: boolean[] } {
  const all = Array.from({ length: count }, (_, i) => serviceOf(`backend-${i}`));
  const asked: boolean[] = [];
  return {
    ...fakeEcsWorld().sources,
    asked,
    services: async ({ links } = { links: true }) => {
      asked.push(links);
      return links ? all : [];
    },
  };
}

const annotated = { annotations: { [serviceLinks]: 'true' } };

describe('D5: variables of Services', () => {
  const definitionOf = async (pod: Pod, count: number) => {
    const sources = sourcesWith(count);
    const { definition } = await blueprintOf(viewsOf(ref, pod, sources), settings);
    return { text: JSON.stringify(definition), asked: sources.asked };
  };

  test('a thousand Services leave the definition as it is, and are not read', async () => {
    const pod = podOf({ containers: [container] });
    const [none, thousand] = [await definitionOf(pod, 0), await definitionOf(pod, 1_000)];
    expect(thousand.text).toBe(none.text);
    expect(thousand.asked).toEqual([false]);
  });

  test.each<[string, Pod, boolean]>([
    ['annotated', podOf({ containers: [container] }, annotated), true],
    [
      'with enableServiceLinks as the API writes it',
      podOf({ containers: [container], enableServiceLinks: true }),
      false,
    ],
    [
      'annotated, that wants none',
      podOf({ containers: [container], enableServiceLinks: false }, annotated),
      false,
    ],
  ])('of a Pod %s', async (_, pod, linked) => {
    expect((await definitionOf(pod, 1)).text.includes('BACKEND_0_SERVICE_HOST')).toBe(linked);
  });
});

describe('D5: an Event tells how to get them', () => {
  const eventsOf = async (count: number, pods: number, more: Partial<Pod['metadata']> = {}) => {
    const { driver, events } = fakeEcsWorld();
    for (let i = 0; i < pods; i++) {
      const name = `p${i}`;
      const pod = podOf({ containers: [container] }, { name, ...more });
      await driver.ensure({ ...ref, name, uid: `u${i}` }, pod, sourcesWith(count));
    }
    return events.filter(({ reason }) => reason === 'ServiceLinksOmitted');
  };

  test('once for a template', async () => {
    const told = await eventsOf(2, 3);
    expect(told).toMatchObject([{ type: 'Normal' }]);
    expect(told[0]?.message).toContain('backend-0.ns.svc.cluster.local');
    expect(told[0]?.message).toContain('shallop.dev/service-links: "true"');
  });

  test.each([
    ['without other Services', 0, {}],
    ['for Pods that have them', 2, annotated],
  ])('not %s', async (_, count, more) => {
    expect(await eventsOf(count, 1, more)).toEqual([]);
  });
});
