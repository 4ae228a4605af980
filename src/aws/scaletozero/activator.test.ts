import { expect, test } from '@jest/globals';
import type { ALBEvent } from 'aws-lambda';
import { fakeClients } from '../../../test/support/controllers/fakeApi.ts';
import { deploymentOf } from '../../../test/support/controllers/world.ts';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { seededIds } from '../../shared/clock/seededIds.ts';
import { deployments, ingresses, pods, services } from '../../shared/controllers/resources.ts';
import type { Ingress } from '../../shared/kinds/schema/types.ts';
import { silentLogger } from '../../shared/observability/logger.ts';
import { afterAnnotation } from '../../shared/ports/demand.ts';
import { openMemoryStorage } from '../../shared/storage/memory/index.ts';
import { openActivator } from './activator.ts';
import { type HeldAnswer, plainAnswer } from './message.ts';
import { ledBy } from './places.ts';

const alb = 'alb.ingress.kubernetes.io/';
const ingressOf = (name: string, annotations: Record<string, string>, leads: boolean): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'default', annotations: { [`${alb}group.name`]: 'shop', ...annotations } },
  spec: leads ? { defaultBackend: { service: { name: 'web', port: { number: 80 } } } } : {},
});
const idle = (seconds: number) => ({
  [`${alb}load-balancer-attributes`]: `idle_timeout.timeout_seconds=${seconds}`,
});

/** A Service that is awake behind an Ingress, with a Pod at an address. */
async function opened({ address = '10.0.0.9', answered = plainAnswer(200, 'OK', 'hello') }) {
  const clock = new ManualClock();
  const ids = seededIds(1);
  const clients = fakeClients(openMemoryStorage({ clock }), clock, ids);
  const client = clients('default');
  await client.create(ingresses, ingressOf('site', {}, true));
  await client.create(services, {
    metadata: { name: 'web', namespace: 'default', annotations: { [afterAnnotation]: '5m' } },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  await client.create(deployments, deploymentOf('web', 1));
  const pod = { metadata: { name: 'web-1', namespace: 'default', labels: { app: 'web' } } };
  await client.create(pods, pod);
  const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'True' }));
  const status = { phase: 'Running' as const, podIP: address, podIPs: [{ ip: address }], conditions };
  await client.updateStatus(pods, { ...pod, status });
  const [led] = ledBy('dev', 'default', await client.list(ingresses));
  const sent: { address: string; withinMs: number }[] = [];
  const send = async (to: { address: string }, _: unknown, withinMs: number): Promise<HeldAnswer> => {
    sent.push({ address: to.address, withinMs });
    return answered;
  };
  let unanswered = 0;
  const onUnanswered = () => {
    unanswered++;
  };
  const parts = { deployment: 'dev', clients, clock, ids, log: silentLogger, send, onUnanswered };
  const activate = openActivator(parts);
  const request = async (httpMethod = 'GET') => {
    const targetGroupArn = `arn:aws:elasticloadbalancing:r:1:targetgroup/${led!.waitingGroup}/1`;
    const event = { requestContext: { elb: { targetGroupArn } }, httpMethod, path: '/a' };
    let isOver = false;
    const answer = activate(event as unknown as ALBEvent).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await clock.advance(1_000);
      await new Promise(setImmediate);
    }
    return answer;
  };
  return { client, request, sent, unanswered: () => unanswered };
}

test('it waits as long as any Ingress of the group says, and hears of it at once', async () => {
  const { client, request, sent, unanswered } = await opened({});
  expect((await request()).status).toBe(200);
  expect(unanswered()).toBe(0);
  await client.create(ingresses, ingressOf('other', idle(60), false));
  await request();
  expect(sent.map(({ withinMs }) => Math.round(withinMs / 10_000))).toEqual([17, 5]);
});

test.each(['127.0.0.1', '169.254.169.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '0.0.0.0'])(
  'nothing is sent to a Pod that says that it is at %s',
  async (address) => {
    const { request, sent, unanswered } = await opened({ address });
    expect((await request()).status).toBe(503);
    expect(sent).toEqual([]);
    expect(unanswered()).toBe(1);
  },
);

test.each([
  { method: 'GET', status: 307, why: 'comes again, past the function' },
  { method: 'POST', status: 502, why: 'is not sent twice' },
])('a $method whose answer is cut $why', async ({ method, status }) => {
  const { request, sent } = await opened({ answered: { ...plainAnswer(200, 'OK', 'he'), isCut: true } });
  expect((await request(method)).status).toBe(status);
  expect(sent).toHaveLength(1);
});
