import type { Ingress } from '../../kinds/schema/types.ts';
import type { Storage } from '../../ports/storage.ts';
import { defaultClass } from '../defaultClass.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const resource = 'ingressclasses.networking.k8s.io';
const annotation = 'ingressclass.kubernetes.io/is-default-class';
const olderWay = 'kubernetes.io/ingress.class';

/** Gives Ingresses that name no class the default one. */
export const defaultIngressClass = ({ storage }: { storage: Storage }): AdmissionPlugin => ({
  name: 'DefaultIngressClass',
  resources: ['ingresses.networking.k8s.io'],
  operations: ['CREATE'],
  addsDefaults: true,
  admit: async ({ cluster, object }) => {
    const { spec, metadata } = (object ?? {}) as Ingress;
    if (!spec || spec.ingressClassName !== undefined) return false;
    if (metadata.annotations?.[olderWay] !== undefined) return false;
    const name = await defaultClass({ storage, cluster, resource, annotation });
    if (!name) return false;
    spec.ingressClassName = name;
    return true;
  },
});
