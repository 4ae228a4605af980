import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testServer } from '../testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const names = ['a', 'b', 'c'];

const step = fc.oneof(
  fc.record({
    do: fc.constant('put' as const),
    name: fc.constantFrom(...names),
    x: fc.constantFrom('1', '2'),
  }),
  fc.record({ do: fc.constant('delete' as const), name: fc.constantFrom(...names) }),
);

/** Names with their labels and revisions: what a client holds. */
type Held = Map<string, string>;
interface Item {
  metadata: { name: string; resourceVersion: string; labels?: Record<string, string> };
}
const hold = (held: Held, { metadata: { name, resourceVersion, labels } }: Item) =>
  held.set(name, `${labels?.x} ${resourceVersion}`);

test('a list and the watch from its revision show what a later list shows, with and without selectors', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 8 }),
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('', 'labelSelector=x%3D1', 'fieldSelector=metadata.name%3Da', 'labelSelector=x!%3D2'),
      async (before, after, selector) => {
        const server = await testServer();
        const run = async (steps: typeof before) => {
          for (const one of steps) {
            if (one.do === 'delete') await server.send(`DELETE ${configMaps}/${one.name}`);
            else {
              const body = { metadata: { name: one.name, labels: { x: one.x } } };
              const created = await server.send(`POST ${configMaps}`, { body });
              if (created.status === 409) await server.send(`PUT ${configMaps}/${one.name}`, { body });
            }
          }
        };
        const list = async () => (await server.send(`GET ${configMaps}?${selector}`)).json;
        await run(before);
        const first = await list();
        const held: Held = new Map();
        for (const item of first.items) hold(held, item);
        await run(after);
        const last = await list();
        const { resourceVersion } = first.metadata;
        const watch = await server.open(
          `GET ${configMaps}?watch=true&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=${resourceVersion}&${selector}`,
        );
        const ended = ending(server, watch.next);
        let reached = Number(resourceVersion);
        for (const { type, object } of await ended) {
          const revision = Number(object.metadata.resourceVersion);
          if (type === 'BOOKMARK') continue;
          expect(revision).toBeGreaterThan(reached);
          reached = revision;
          expect(held.has(object.metadata.name)).toBe(type !== 'ADDED');
          if (type === 'DELETED') held.delete(object.metadata.name);
          else hold(held, object);
        }
        const wanted: Held = new Map();
        for (const item of last.items) hold(wanted, item);
        expect(new Map([...held].sort())).toEqual(new Map([...wanted].sort()));
      },
    ),
    { numRuns: 150 },
  );
});

type Server = Awaited<ReturnType<typeof testServer>>;
type Event = { type: string; object: Item };

/** Every event until the watch's time is over. */
async function ending({ clock }: Server, next: () => Promise<Event | undefined>): Promise<Event[]> {
  const events: Event[] = [];
  let over = false;
  const reading = (async () => {
    for (let event = await next(); event; event = await next()) events.push(event);
    over = true;
  })();
  while (!over) await clock.advance(500);
  await reading;
  return events;
}
