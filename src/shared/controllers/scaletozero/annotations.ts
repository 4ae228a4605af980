import { parseGoDuration } from '../../clock/goDuration.ts';
import type { Ingress, Service } from '../../kinds/schema/types.ts';
import { afterAnnotation, asleepAnnotation } from '../../ports/demand.ts';
import { serviceBackendsOf } from '../ingress/backends.ts';

/**
 * On a Service, written here: since when its workloads are being scaled to zero. Who scales them writes it first and who says
 * that nobody has to wait any more checks it, both against the revision that they read: so only one of them goes on.
 */
export const goingAnnotation = 'shallop.dev/going-since';
/** On a Deployment or StatefulSet, written here: the size that it comes back to. */
export const sizeAnnotation = 'shallop.dev/replicas-when-awake';
/** On a Deployment or StatefulSet, written here: names of the Services that bring it back, with commas between. */
export const behindAnnotation = 'shallop.dev/asleep-behind';

/** What somebody asks for: silence of so many milliseconds, or what cannot be. */
export type Ask = { afterMs: number } | { refused: string };

/** Returns what a Service, or else an Ingress that names it, asks for. */
export function askOf({ metadata, spec = {} }: Service, ingresses: Ingress[]): Ask | undefined {
  const naming = ingresses.filter((ingress) => namesOf(ingress).includes(metadata.name ?? ''));
  const text = [metadata, ...naming.map((ingress) => ingress.metadata)]
    .map(({ annotations }) => annotations?.[afterAnnotation])
    .find((value) => value !== undefined);
  if (text === undefined) return undefined;
  const afterMs = parseGoDuration(text);
  const refused = (why: string): Ask => ({ refused: why });
  if (!afterMs || afterMs > longestMs)
    return refused(`${afterAnnotation} is ${JSON.stringify(text)}, not a duration such as 10m, up to 24h`);
  if (spec.type === 'ExternalName') return refused('it is an ExternalName: nothing runs behind it here');
  if (spec.clusterIP === 'None') return refused('it is headless: its clients go to Pods directly');
  if (Object.keys(spec.selector ?? {}).length === 0) return refused('it has no selector');
  const other = spec.ports?.find(({ protocol = 'TCP' }) => protocol !== 'TCP');
  if (other) return refused(`port ${other.port} is ${other.protocol}: only TCP connections can wait`);
  return { afterMs };
}

const longestMs = 24 * 3_600_000;

/** Returns the names of the Services that an Ingress leads to. */
export const namesOf = (ingress: Ingress): string[] =>
  serviceBackendsOf(ingress).map(({ service }) => service?.name ?? '');

/** Returns whether the annotations of an object ask for something here, or did. */
export const isMarked = ({ metadata: { annotations = {} } }: Service | Ingress): boolean =>
  annotations[afterAnnotation] !== undefined || annotations[asleepAnnotation] !== undefined;
