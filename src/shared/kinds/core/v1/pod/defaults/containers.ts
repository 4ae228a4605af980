import { parseQuantity } from '../../../../../meta/quantity.ts';
import type { Rules } from '../../../../schema/defaultRules.ts';
import { canonicalQuantity } from '../../../../schema/quantity.ts';
import type { Container, ContainerStatus, ResourceRequirements } from '../../../../schema/types.ts';

const container = {
  // Not kept unless a feature is switched on.
  adjust(object: Container) {
    if (object.lifecycle?.stopSignal === undefined) return;
    const { stopSignal: _dropped, ...lifecycle } = object.lifecycle;
    if (Object.keys(lifecycle).length > 0) object.lifecycle = lifecycle;
    else delete object.lifecycle;
  },
  fields: {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: ({ image }: Container) => (isLatest(image ?? '') ? 'Always' : 'IfNotPresent'),
  },
};

const name = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const reference = new RegExp(
  `^(?:[A-Za-z0-9.-]+(?::\\d+)?/)?${name}(?:/${name})*(?::\\w[\\w.-]{0,127})?(?:@[A-Za-z0-9:+._-]+)?$`,
);

/** What is no reference has no tag that could be latest. No tag means latest, unless a digest says which. */
export function isLatest(image: string): boolean {
  if (!reference.test(image)) return false;
  const name = image.split('@')[0]!;
  const tag = /:([\w.-]+)$/.exec(name.slice(name.lastIndexOf('/') + 1))?.[1];
  return tag === undefined ? image !== '' && name === image : tag === 'latest';
}

export const containerDefaults: Rules = {
  Container: container,
  EphemeralContainer: container,
  ResourceRequirements: {
    adjust({ limits, requests }: ResourceRequirements) {
      roundUp(limits);
      roundUp(requests);
    },
  },
  // Not kept unless a feature is switched on.
  ContainerStatus: {
    adjust(status: ContainerStatus) {
      delete status.allocatedResourcesStatus;
    },
  },
  Probe: { fields: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 } },
  HTTPGetAction: { fields: { path: '/', scheme: 'HTTP' } },
  ObjectFieldSelector: { fields: { apiVersion: 'v1' } },
};

/** Less than a thousandth of anything is a thousandth. */
export function roundUp(amounts: Record<string, string> = {}): void {
  for (const [name, amount] of Object.entries(amounts)) {
    if (!/[nu]$/.test(amount)) continue;
    const nanos = parseQuantity(amount) ?? 0n;
    amounts[name] = canonicalQuantity(`${(nanos + 999_999n) / 1_000_000n}m`);
  }
}
