import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Controller, ReconcileContext } from '../../shared/controllers/controller.ts';
import { pods } from '../../shared/controllers/resources.ts';
import { environment } from '../names.ts';
import { subsegmentOf, type Traced } from './segment.ts';
import { beginTraces, openTraces, tracedController } from './tracing.ts';

const sampled = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557af4ae1b2c3d4e;Sampled=1;Lineage=1:a:0';
const traced: Traced = { name: 'GET pods', startMs: 1_500, endMs: 1_750, annotations: { verb: 'get' } };

test('a subsegment stands below the segment of the function', () => {
  const [header, segment] = subsegmentOf(sampled, '00f067aa0ba902b7', traced)!.split('\n');
  expect(JSON.parse(header!)).toEqual({ format: 'json', version: 1 });
  expect(JSON.parse(segment!)).toEqual({
    id: '00f067aa0ba902b7',
    trace_id: '1-5759e988-bd862e3fe1be46a994272793',
    parent_id: '557af4ae1b2c3d4e',
    type: 'subsegment',
    name: 'GET pods',
    start_time: 1.5,
    end_time: 1.75,
    annotations: { verb: 'get' },
  });
});

test.each([
  undefined,
  '',
  'Root=1-5759e988-bd862e3fe1be46a994272793',
  sampled.replace('Sampled=1', 'Sampled=0'),
])('of a run with the trace header %s nothing is told', (header) =>
  expect(subsegmentOf(header, 'a', traced)).toBeUndefined(),
);

test('names have no signs that X-Ray refuses', () => {
  const text = subsegmentOf(sampled, 'a', { ...traced, name: `GET <pods>"${'x'.repeat(300)}` })!;
  const { name } = JSON.parse(text.split('\n')[1]!);
  expect(name).toMatch(/^GET _pods__x+$/);
  expect(name).toHaveLength(200);
});

let daemon: Socket;
let env: Record<string, string>;
beforeEach(async () => {
  daemon = createSocket('udp4');
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  env = {
    [environment.tracing]: 'true',
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    _X_AMZN_TRACE_ID: sampled,
  };
});
afterEach(() => {
  beginTraces(undefined);
  daemon.close();
});
const told = async () => {
  const [message] = (await once(daemon, 'message')) as [Buffer];
  return JSON.parse(message.toString().split('\n')[1]!);
};

test('the daemon is told, with the request that is worked on', async () => {
  const trace = openTraces(env)!;
  beginTraces('request-1');
  const message = told();
  trace(traced);
  expect(await message).toMatchObject({ annotations: { request_id: 'request-1', verb: 'get' } });
});

test('without -c tracing there is nothing to tell by', () => {
  expect(openTraces({ ...env, [environment.tracing]: '' })).toBeUndefined();
});

test.each([true, false])('a reconcile that fails (%s) is told with its key', async (fails) => {
  const failure = new Error('not now');
  const controller: Controller = {
    name: 'pod-controller',
    watches: [{ resource: pods, keys: () => [] }],
    reconcile: async () => {
      if (fails) throw failure;
      return { requeueAfterMs: 5 };
    },
  };
  const message = told();
  const { reconcile } = tracedController(controller, openTraces(env)!, () => 2_000);
  const run = reconcile({ cluster: 'red', namespace: 'ns', name: 'p' }, {} as ReconcileContext);
  await (fails ? expect(run).rejects.toBe(failure) : expect(run).resolves.toEqual({ requeueAfterMs: 5 }));
  const { fault = false, ...segment } = await message;
  expect(fault).toBe(fails);
  expect(segment).toMatchObject({
    name: 'pod-controller',
    annotations: { verb: 'reconcile', resource: 'pods', cluster: 'red', namespace: 'ns', name: 'p' },
  });
});
