import type { Controller } from '../../shared/controllers/controller.ts';
import type { Cloud } from '../../shared/ports/cloud.ts';
import { endMoment, inMoments } from '../drivers/dynamodb/moment.ts';

/**
 * The controller, whose runs look at what is there as of one moment, until they write something or the cloud has answered:
 * what they look at then is no older than that.
 */
export const lookingInMoments = (controller: Controller): Controller => ({
  ...controller,
  reconcile: (...run) => inMoments(() => controller.reconcile(...run)),
});

/** The ports, each of whose answers ends the moment of the run that waits for it. */
export function endingMoments<T extends Partial<Cloud>>(cloud: T): T {
  const ports = Object.entries(cloud).map(([name, port]: [string, unknown]) => [name, endingMoment(port)]);
  return { ...cloud, ...Object.fromEntries(ports) };
}

function endingMoment(port: unknown): unknown {
  if (typeof port !== 'object' || port === null) return port;
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return endingMoment(value);
      return (...given: unknown[]) => {
        const result: unknown = value.apply(target, given);
        return result instanceof Promise ? result.finally(endMoment) : result;
      };
    },
  });
}
