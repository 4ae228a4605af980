import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Controller } from '../../shared/controllers/controller.ts';
import { environment } from '../names.ts';
import { subsegmentOf, type Traced } from './segment.ts';

type Env = Record<string, string | undefined>;

/** Tells X-Ray of something that was done in the run under way. */
export type Trace = (traced: Traced) => void;

/** The request that is worked on, as the gateway or Lambda names it: annotated on all that is told of. */
let request: string | undefined;

/** Is told of each run of a function. */
export function beginTraces(requestId: string | undefined): void {
  request = requestId;
}

/**
 * Returns how X-Ray is told; undefined where `-c tracing=true` was not said. By a datagram to Lambda's daemon, which nobody
 * waits for and nothing fails by: see docs/adr/0041-traces-of-our-own.md.
 */
export function openTraces(env: Env): Trace | undefined {
  const [host, port] = (env.AWS_XRAY_DAEMON_ADDRESS ?? '').split(':');
  if (env[environment.tracing] !== 'true' || !host || !port) return undefined;
  const socket = createSocket('udp4').unref();
  socket.on('error', () => {});
  return ({ annotations, ...traced }) => {
    const id = randomBytes(8).toString('hex');
    const all = { request_id: request, ...annotations };
    // Lambda sets it anew for each run.
    const datagram = subsegmentOf(env._X_AMZN_TRACE_ID, id, { ...traced, annotations: all });
    if (datagram) socket.send(datagram, Number(port), host, () => {});
  };
}

/** A controller whose reconciles are told of, each by its key. */
export function tracedController(controller: Controller, trace: Trace, now: () => number): Controller {
  const resource = controller.watches[0]?.resource.plural;
  return {
    ...controller,
    async reconcile(key, ctx) {
      const startMs = now();
      const { cluster, namespace, name } = key;
      const annotations = { verb: 'reconcile', resource, cluster, namespace, name };
      const tell = (isFault: boolean) =>
        trace({ name: controller.name, startMs, endMs: now(), annotations, isFault });
      try {
        const next = await controller.reconcile(key, ctx);
        tell(false);
        return next;
      } catch (error) {
        tell(true);
        throw error;
      }
    },
  };
}
