import { connect as connectHttp2 } from 'node:http2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LoadClient, percentile } from '../../bench/load.ts';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import { openPlane, type Plane } from '../support/plane.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const floodMs = 4000;
const atOnce = 800;
const calmCalls = 5;

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('flood');
  await plane.start('--runtime', 'fake');
});
afterAll(() => plane.close());

/** Keeps `atOnce` writes under way until the signal. */
async function flood(signal: AbortSignal) {
  const {
    server,
    ca,
    certificate: cert,
    key,
  } = await endpointOf({ kubeconfig: plane.kubeconfig }, { env: {}, cwd: '/' });
  const sessions = Array.from({ length: 8 }, () => connectHttp2(server, { ca, cert, key }));
  const tally = { answered: 0, refused: 0, retryAfter: '' };
  let serial = 0;
  const one = (n: number) =>
    new Promise<void>((resolve) => {
      const body = JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `flood-${serial++}` },
      });
      const stream = sessions[n % sessions.length]!.request({
        ':method': 'POST',
        ':path': configMaps,
        'user-agent': 'flood',
        'content-type': 'application/json',
      });
      stream.on('response', (headers) => {
        if (headers[':status'] === 429) {
          tally.refused++;
          tally.retryAfter = String(headers['retry-after']);
        } else tally.answered++;
      });
      stream.on('error', () => {});
      stream.once('close', resolve);
      stream.resume();
      stream.end(body);
    });
  const worker = async (n: number) => {
    while (!signal.aborted) await one(n);
  };
  const done = Promise.all(Array.from({ length: atOnce }, (_, n) => worker(n))).then(() => {
    for (const session of sessions) session.destroy();
    return tally;
  });
  return done;
}

test('beside a client that floods, another one reads and writes without a refusal', async () => {
  const over = new AbortController();
  const flooding = flood(over.signal);
  const client = new LoadClient(plane.kubeconfig);
  const latencies: number[] = [];
  const statuses = new Set<number>();
  const end = performance.now() + floodMs;
  // A busy machine takes longer for the same number of calls.
  for (let n = 0; n < calmCalls || performance.now() < end; n++) {
    const begun = performance.now();
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `calm-${n}` } };
    statuses.add((await client.call('POST', configMaps, object)).status);
    statuses.add((await client.call('GET', `${configMaps}/calm-${n}`)).status);
    latencies.push(performance.now() - begun);
  }
  over.abort();
  const tally = await flooding;
  console.info(
    `${atOnce} writes at once: ${tally.answered} done, ${tally.refused} refused with Retry-After ${tally.retryAfter}; the other client: ${latencies.length} write and read, p50 ${percentile(latencies, 0.5)} ms, p99 ${percentile(latencies, 0.99)} ms`,
  );
  expect([...statuses].sort()).toEqual([200, 201]);
  expect(tally).toMatchObject({ answered: expect.any(Number), retryAfter: '1' });
  expect(tally.refused).toBeGreaterThan(0);
  expect((await client.call('GET', '/readyz')).status).toBe(200);
  client.close();
});
