import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import { seededIds } from '../../clock/seededIds.ts';
import { ApiError, isReason } from '../../errors/apiError.ts';
import { withSteps } from '../../errors/steps.ts';
import { FakeLoadBalancers } from '../../fake/loadBalancers.ts';
import { createFakePods } from '../../fake/pods.ts';
import { silentLogger } from '../../observability/logger.ts';
import type { ReconcileContext } from '../controller.ts';
import { pods, services } from '../resources.ts';
import { withNamedSteps } from './namedSteps.ts';

const refusing = async () => {
  throw new ApiError('Forbidden', 'pods "x" is forbidden: no');
};

const contextOf = () => {
  const clock = new ManualClock();
  const loadBalancers = new FakeLoadBalancers();
  const client = {
    create: refusing,
    list: refusing,
    patch: refusing,
  } as unknown as ReconcileContext['client'];
  const ctx = withNamedSteps({
    client,
    // A composition root's own things stand beside the ports.
    cloud: { pods: createFakePods({ clock }), loadBalancers, ...{ serviceCidr: '10.96.0.0/16' } },
    clock,
    ids: seededIds(1),
    log: silentLogger,
    events: () => {},
    env: { clients: () => client } as unknown as ReconcileContext['env'],
  });
  return { ctx, loadBalancers };
};

const messageOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (why: unknown) => why,
  );
  return (withSteps(error) as Error).message;
};

const object = { metadata: { namespace: 'ns', name: 'x' } };
test.each([
  { of: ({ client }: ReconcileContext) => client.create(pods, object), says: 'creating pods ns/x' },
  {
    of: ({ client }: ReconcileContext) => client.list(services, { namespace: 'ns' }),
    says: 'listing services ns',
  },
  {
    of: ({ client }: ReconcileContext) => client.patch(pods, 'ns', 'x', {}, 'status'),
    says: 'patching the status of pods ns/x',
  },
  {
    of: ({ env }: ReconcileContext) => env.clients('default').create(pods, object),
    says: 'creating pods ns/x',
  },
])('$says', async ({ of, says }) => {
  expect(await messageOf(of(contextOf().ctx))).toBe(`${says}: pods "x" is forbidden: no`);
});

test('a call of a port is named, and the error stays what it is to those who catch it', async () => {
  const { ctx, loadBalancers } = contextOf();
  const failure = new ApiError('Invalid', 'no such port');
  loadBalancers.failNext(failure);
  const ref = { cluster: 'default', namespace: 'ns', name: 'web', uid: 'u' };
  const caught = await ctx.cloud.loadBalancers.remove(ref).catch((error: unknown) => error);
  expect(caught).toBe(failure);
  expect(isReason(caught, 'Invalid')).toBe(true);
  const shown = withSteps(caught) as Error;
  expect([shown.message, shown.cause]).toEqual(['loadBalancers.remove ns/web: no such port', failure]);
});

test('a call of a port within a port is named too', async () => {
  const ctx = contextOf().ctx;
  const tokens = { keep: refusing, find: async () => undefined };
  const { secrets } = withNamedSteps({ ...ctx, cloud: { ...ctx.cloud, secrets: { tokens } as never } }).cloud;
  const ref = { cluster: 'default', namespace: 'ns', name: 'app', uid: 'u' };
  expect(await messageOf(secrets!.tokens!.keep(ref, 'token', 0))).toBe(
    'secrets.tokens.keep ns/app: pods "x" is forbidden: no',
  );
});
