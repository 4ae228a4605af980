import { distinct, type Named, serviceBackendsOf } from '../../../shared/controllers/ingress/backends.ts';
import { defaultAnnotation, isOfClass } from '../../../shared/controllers/ingress/classes.ts';
import type { Ingress, IngressClass } from '../../../shared/kinds/schema/types.ts';
import { ownValue } from '../../../shared/meta/table.ts';
import { actionOf, albPrefix, usesAnnotation } from '../../drivers/ingresses/actions.ts';

/** Names the IngressClass that shallop makes. */
export const defaultClass = 'alb';
const controllers = ['shallop.dev/alb', 'ingress.k8s.aws/alb'];

/** The class that is there where Ingresses are served, and that those without a class have. */
export const classToMake: IngressClass = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: defaultClass, annotations: { [defaultAnnotation]: 'true' } },
  spec: { controller: controllers[0] },
};

/** Returns whether the Ingress's class is served here; one without a class has the default one. */
export const isOurs = (ingress: Ingress, classes: IngressClass[]): boolean =>
  isOfClass(ingress, classes, { name: defaultClass, controllers });

/** Each that the Ingress names, in its rules or in the actions that these name, once. */
export function backendsOf(ingress: Ingress): Named[] {
  const actions = serviceBackendsOf(ingress).map((backend) =>
    actionOf(backend, ingress.metadata.annotations),
  );
  const named = actions.flatMap((action) =>
    action && 'forward' in action
      ? action.forward.flatMap(({ target }) => ('service' in target ? [target] : []))
      : [],
  );
  return distinct(named);
}

/** Annotations with actions that it names and does not have. */
export function missingActions(ingress: Ingress): string[] {
  const keys = serviceBackendsOf(ingress)
    .filter(usesAnnotation)
    .map(({ service }) => `${albPrefix}actions.${service?.name}`);
  return [...new Set(keys)].filter((key) => ownValue(ingress.metadata.annotations, key) === undefined);
}
