import { actionOf, albPrefix, usesAnnotation } from '../../cloud/ingressActions.ts';
import type {
  EndpointSlice,
  Ingress,
  IngressBackend,
  IngressClass,
  Service,
} from '../../kinds/schema/types.ts';
import { ownValue } from '../../meta/table.ts';
import type { IngressEndpoints } from '../../ports/cloud.ts';
import { endpointsOf } from '../service/plan.ts';

/** Names the IngressClass that shallop makes. */
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
export const isOurs = (ingress: Ingress, classes: IngressClass[]): boolean =>
  isOfClass(ingress, classes, { name: defaultClass, controllers });

/** Whether it has a class of these controllers; `name` is that of the class that is made for them. */
export function isOfClass(
  { metadata, spec }: Ingress,
  classes: IngressClass[],
  { name: own, controllers }: { name: string; controllers: string[] },
): boolean {
  const name = spec?.ingressClassName;
  const annotated = metadata.annotations?.[classAnnotation];
  if (name === undefined && annotated !== undefined) return annotated === own;
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

/** Each that the Ingress names, in its rules or in the actions that these name, once. */
export function backendsOf(ingress: Ingress): Named[] {
  const actions = routesOf(ingress).map((backend) => actionOf(backend, ingress.metadata.annotations));
  const named = actions.flatMap((action) =>
    action && 'forward' in action
      ? action.forward.flatMap(({ target }) => ('service' in target ? [target] : []))
      : [],
  );
  return [...new Map(named.map((each) => [`${each.service} ${each.port}`, each])).values()];
}

/** Annotations with actions that it names and does not have. */
export function missingActions(ingress: Ingress): string[] {
  const keys = routesOf(ingress)
    .filter(usesAnnotation)
    .map(({ service }) => `${albPrefix}actions.${service?.name}`);
  return [...new Set(keys)].filter((key) => ownValue(ingress.metadata.annotations, key) === undefined);
}

const routesOf = ({ spec = {} }: Ingress): IngressBackend[] =>
  [
    spec.defaultBackend,
    ...(spec.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map((p) => p.backend)),
  ]
    .filter((backend) => backend !== undefined)
    .filter(({ service }) => service !== undefined);

/** Where a Service port leads; undefined when there is no such port. */
export function endpointsFor(
  { service, port }: Named,
  object: Service | undefined,
  slices: EndpointSlice[],
): IngressEndpoints | undefined {
  const found = object?.spec?.ports?.find((p) => p.name === port || p.port === port);
  if (!found) return undefined;
  const endpoints = endpointsOf(slices).filter((e) => e.portName === (found.name ?? ''));
  return { service, port, annotations: object?.metadata.annotations, endpoints };
}
