import { cpuSeconds } from '../../test/support/process.ts';
import { core, type Figure, prepareNamespace, type Subject } from '../bench.ts';
import type { Custom } from '../custom.ts';
import { LoadClient, measure, median, pause } from '../load.ts';
import type { Plane } from '../plane.ts';
import { prepareObjects, requestsOf } from '../requests.ts';

const rounds = 3;

/** Holds what one round of a kind of request took: microseconds of a core for each, and how many were served a second. */
interface Round {
  used: number;
  perSecond: number;
}

/**
 * What each kind of request takes of a core, all threads of the process together; of another build `beside`, in turns, which
 * makes the two comparable on a machine that is at work, with the rates of both. The median of three rounds, after one that
 * warms up.
 */
export async function cost(plane: Plane, beside: Plane | undefined, scale: number): Promise<Figure[]> {
  const planes = beside ? [plane, beside] : [plane];
  const served: (readonly Custom[])[] = [];
  for (const { kubeconfig } of planes) {
    const subject = subjectOf(kubeconfig, scale);
    await prepareNamespace(subject);
    served.push(await prepareObjects(subject));
    subject.client.close();
  }
  // What an older build does not serve is not compared.
  const kinds = served.find(({ length }) => length === 0) ?? served[0]!;
  const found = planes.map(() => new Map<string, Round[]>());
  const { length } = requestsOf(subjectOf(plane.kubeconfig, scale), kinds);
  for (let round = 0; round <= rounds; round++)
    for (let index = 0; index < length; index++)
      for (const [side, each] of planes.entries()) {
        const { what, ...took } = await usedBy(each, kinds, index, round, scale);
        if (round) found[side]!.set(what, [...(found[side]!.get(what) ?? []), took]);
      }
  const middle = (side: number, what: string, figure: keyof Round) =>
    median(found[side]!.get(what)!.map((round) => round[figure]));
  return [...found[0]!.keys()].map((what) => ({
    what,
    measured: middle(0, what, 'used'),
    unit: 'µs of CPU',
    ...(beside && {
      note: `beside ${middle(1, what, 'used')} µs; ${middle(0, what, 'perSecond')} /s beside ${middle(1, what, 'perSecond')} /s`,
    }),
  }));
}

/** One round, by connections that are new: those that rest are closed after a while. */
async function usedBy(
  { kubeconfig, child }: Plane,
  kinds: readonly Custom[],
  index: number,
  round: number,
  scale: number,
): Promise<Round & { what: string }> {
  const subject = subjectOf(kubeconfig, scale);
  const { what, clients, count, send } = requestsOf(subject, kinds, `r${round}`)[index]!;
  await measure(clients * 4, clients, () => subject.client.call('GET', `${core}/configmaps/none`));
  const times = Math.max(50, Math.round(count * scale));
  const before = cpuSeconds(child.pid!);
  const { failed, perSecond } = await measure(times, clients, send);
  // What a request leaves to be done is part of it.
  await pause(100);
  const used = ((cpuSeconds(child.pid!) - before) / times) * 1e6;
  subject.client.close();
  if (failed) throw new Error(`${failed} requests failed`);
  return { what, used, perSecond };
}

const subjectOf = (kubeconfig: string, scale: number): Subject => ({
  client: new LoadClient(kubeconfig),
  scale,
  id: 'cost',
});
