import type { Ingresses, LoadBalancers } from '../../../src/shared/ports/cloud.ts';

/** A cloud sets a load balancer up in minutes, an emulator within a few requests. */
const mostAsked = 5;

/** As their controllers do it: what answers no place yet is ensured again. */
export const untilPlaced = (balancers: LoadBalancers): LoadBalancers => ({
  ensure: async (ref, service, endpoints) => {
    const ensure = () => balancers.ensure(ref, service, endpoints);
    return service.spec?.type === 'LoadBalancer' ? again(ensure, (points) => points.length > 0) : ensure();
  },
  remove: (ref) => balancers.remove(ref),
  list: () => balancers.list(),
});

export const untilServed = (ingresses: Ingresses): Ingresses => ({
  ensure: (ref, members) =>
    again(
      () => ingresses.ensure(ref, members),
      ({ points }) => points?.length !== 0,
    ),
  remove: (ref) => ingresses.remove(ref),
  list: () => ingresses.list(),
});

async function again<T>(ask: () => Promise<T>, isPlaced: (answer: T) => boolean): Promise<T> {
  for (let asked = 1; ; asked++) {
    const answer = await ask();
    if (isPlaced(answer) || asked === mostAsked) return answer;
  }
}
