import { keyOf, type ObjectKey, type WorkKey } from '../../../shared/controllers/controller.ts';
import type { Ingress } from '../../../shared/kinds/schema/types.ts';
import type { IngressRef } from '../../../shared/ports/cloud.ts';
import { albPrefix } from '../../drivers/ingresses/actions.ts';

/**
 * Groups as the AWS Load Balancer Controller has them: Ingresses of one `group.name` are served together, each other one
 * by itself. A place has the key of its Ingress, or the group's name and no namespace.
 */

const single = 'ingress.k8s.aws/resources';
const ofGroup = 'group.ingress.k8s.aws/';
const longestName = 63;
const [lowest, highest] = [-1_000, 1_000];

/** Holds an Ingress until the place has let go of it. */
export const finalizerOf = ({ namespace, name }: ObjectKey): string =>
  namespace === '' ? `${ofGroup}${name}` : single;

/** Returns whether the Ingress is being served, at whatever place. */
export const isServed = ({ metadata: { deletionTimestamp, finalizers = [] } }: Ingress): boolean =>
  !deletionTimestamp && finalizers.some((each) => each === single || each.startsWith(ofGroup));

/** A group has no object whose UID could stand for it. */
export const refOf = (key: WorkKey, object: Ingress | undefined): IngressRef => ({
  ...key,
  uid: key.namespace === '' ? finalizerOf(key) : (object?.metadata.uid ?? ''),
});

/** Returns where the Ingress asks to be served; a sentence when that cannot be. */
export function placeOf(ingress: Ingress): ObjectKey | string {
  const { annotations = {} } = ingress.metadata;
  const name = annotations[`${albPrefix}group.name`];
  const order = orderOf(ingress);
  if (!(order >= lowest && order <= highest))
    return `explicit Ingress group order must be within [${lowest}:${highest}], Ingress: ${labelOf(ingress)}, order: ${annotations[orderKey]}`;
  if (name === undefined) return keyOf(ingress);
  if (!/^([a-z0-9][-a-z0-9.]*)?[a-z0-9]$/.test(name))
    return "invalid ingress group: groupName must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  if (name.length > longestName)
    return `invalid ingress group: groupName must be no more than ${longestName} characters`;
  return { namespace: '', name };
}

/** Every place that an Ingress is of concern to: where it asks to be, and where it was. */
export function placesOf(ingress: Ingress): ObjectKey[] {
  const place = placeOf(ingress);
  const held = (ingress.metadata.finalizers ?? []).flatMap((finalizer) => {
    if (finalizer === single) return [keyOf(ingress)];
    return finalizer.startsWith(ofGroup) ? [{ namespace: '', name: finalizer.slice(ofGroup.length) }] : [];
  });
  // One that cannot be anywhere says so under its own key.
  const all = [typeof place === 'string' ? keyOf(ingress) : place, ...held];
  return [...new Map(all.map((key) => [`${key.namespace}/${key.name}`, key])).values()];
}

/** Returns whether the Ingress asks to be served at that place; never true of one that is not well-formed. */
export const isAt = (ingress: Ingress, { namespace, name }: ObjectKey): boolean => {
  const place = placeOf(ingress);
  return typeof place !== 'string' && place.namespace === namespace && place.name === name;
};

/** Sorts Ingresses as their rules are evaluated: by order, then by name. */
export function byOrder(a: Ingress, b: Ingress): number {
  const order = orderOf(a) - orderOf(b);
  if (order !== 0) return order;
  return labelOf(a) < labelOf(b) ? -1 : 1;
}

const orderKey = `${albPrefix}group.order`;
function orderOf({ metadata }: Ingress): number {
  const text = metadata.annotations?.[orderKey] ?? '0';
  return /^[-+]?\d+$/.test(text) ? Number(text) : Number.NaN;
}

const labelOf = ({ metadata: { namespace, name } }: Ingress): string => `${namespace}/${name}`;
