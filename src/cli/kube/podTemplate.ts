import type { Resource } from './discovery.ts';
import type { KubeObject } from './objects.ts';

export interface Container {
  name: string;
  image?: string;
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: { containers?: Container[]; initContainers?: Container[]; [field: string]: unknown };
}

/** The Pod that an object is or makes, and how a change of its spec is put. Throws for other objects. */
export function podTemplateOf(
  object: KubeObject,
  { kind, plural }: Resource,
): PodTemplate & { patch(spec: object): object } {
  if (kind === 'Pod') return { spec: object.spec as PodTemplate['spec'], patch: (spec) => ({ spec }) };
  const { template, jobTemplate } = (object.spec ?? {}) as {
    template?: PodTemplate;
    jobTemplate?: { spec: { template: PodTemplate } };
  };
  if (template?.spec) return { ...template, patch: (spec) => ({ spec: { template: { spec } } }) };
  if (jobTemplate?.spec)
    return {
      ...jobTemplate.spec.template,
      patch: (spec) => ({ spec: { jobTemplate: { spec: { template: { spec } } } } }),
    };
  throw new Error(`${plural} have no Pods: nothing can be set`);
}
