import type { Ingress, IngressClass } from '../../kinds/schema/types.ts';
import type { Storage } from '../../ports/storage.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const isDefault = 'ingressclass.kubernetes.io/is-default-class';
const olderWay = 'kubernetes.io/ingress.class';

/** Gives Ingresses that name no class the default one: the newest, where several say that they are. */
export const defaultIngressClass = ({ storage }: { storage: Storage }): AdmissionPlugin => ({
  name: 'DefaultIngressClass',
  resources: ['ingresses.networking.k8s.io'],
  operations: ['CREATE'],
  addsDefaults: true,
  admit: async ({ cluster, object }) => {
    const { spec, metadata } = (object ?? {}) as Ingress;
    if (!spec || spec.ingressClassName !== undefined) return false;
    if (metadata.annotations?.[olderWay] !== undefined) return false;
    const { items } = await storage.list({ cluster, resource: 'ingressclasses.networking.k8s.io' });
    const [newest] = items
      .map(({ value }) => JSON.parse(Buffer.from(value).toString()) as IngressClass)
      .filter((each) => each.metadata.annotations?.[isDefault] === 'true')
      .sort(byAge);
    if (!newest?.metadata.name) return false;
    spec.ingressClassName = newest.metadata.name;
    return true;
  },
});

const byAge = (a: IngressClass, b: IngressClass): number => {
  const [older, newer] = [a, b].map(({ metadata }) => metadata.creationTimestamp ?? '') as [string, string];
  return newer.localeCompare(older) || (a.metadata.name ?? '').localeCompare(b.metadata.name ?? '');
};
