import type { IngressEndpoints } from '../../cloud/provider.ts';
import type {
  EndpointSlice,
  Ingress,
  IngressBackend,
  IngressClass,
  Service,
} from '../../kinds/schema/types.ts';
import { endpointsOf } from '../service/plan.ts';

export const finalizer = 'shallop.dev/ingress-cleanup';
export const defaultClass = 'alb';
const controllers = ['shallop.dev/alb', 'ingress.k8s.aws/alb'];
const classAnnotation = 'kubernetes.io/ingress.class';
const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';

/** The class that is there where Ingresses are served, and that those without a class have. */
export const classToMake: IngressClass = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: defaultClass, annotations: { [defaultAnnotation]: 'true' } },
  spec: { controller: controllers[0] },
};

/** Whether the Ingress's class is served here; one without a class has the default one. */
export function isOurs({ metadata, spec }: Ingress, classes: IngressClass[]): boolean {
  const name = spec?.ingressClassName;
  const annotated = metadata.annotations?.[classAnnotation];
  if (name === undefined && annotated !== undefined) return annotated === defaultClass;
  return classes.some(
    (c) =>
      controllers.includes(c.spec?.controller ?? '') &&
      (name === undefined
        ? c.metadata.annotations?.[defaultAnnotation] === 'true'
        : c.metadata.name === name),
  );
}

/** A Service port as an Ingress names it. */
export interface Named {
  service: string;
  port: string | number;
}

/** Each that the Ingress names, once. */
export function backendsOf({ spec = {} }: Ingress): Named[] {
  const paths = (spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  const all: (IngressBackend | undefined)[] = [spec.defaultBackend, ...paths.map(({ backend }) => backend)];
  const named = all.flatMap((backend): [string, Named][] => {
    if (!backend?.service) return [];
    const { name: service, port = {} } = backend.service;
    const wanted = port.name || (port.number ?? 0);
    return [[`${service} ${wanted}`, { service, port: wanted }]];
  });
  return [...new Map(named).values()];
}

/** Where a Service port leads; undefined when there is no such port. */
export function endpointsFor(
  { service, port }: Named,
  object: Service | undefined,
  slices: EndpointSlice[],
): IngressEndpoints | undefined {
  const found = object?.spec?.ports?.find((p) => p.name === port || p.port === port);
  if (!found) return undefined;
  const endpoints = endpointsOf(slices).filter((e) => e.portName === (found.name ?? ''));
  return { service, port, endpoints };
}
