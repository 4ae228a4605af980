import type { Ingress, IngressClass } from '../../kinds/schema/types.ts';

const classAnnotation = 'kubernetes.io/ingress.class';
/** Marks the class of Ingresses that name none. */
export const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';

/** Returns whether it has a class of these controllers; `name` is that of the class that is made for them. */
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
