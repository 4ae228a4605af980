/** Is what has to be known of a CustomResourceDefinition while nobody uses its kinds. */
import { approvalAnnotation } from '../apiextensions.k8s.io/v1/customresourcedefinition/approval.ts';
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionVersion,
} from '../schema/types.ts';

/** Is what serving needs of a CustomResourceDefinition. Schemas are left out: they are read when they are needed. */
export interface Definition {
  name: string;
  uid: string;
  /** Counts changes of the spec. */
  generation: number;
  group: string;
  namespaced: boolean;
  /** The names asked for, and those given. */
  names: Required<Pick<CustomResourceDefinitionNames, 'plural' | 'singular' | 'kind' | 'listKind'>> &
    CustomResourceDefinitionNames;
  accepted: CustomResourceDefinitionNames;
  isEstablished: boolean;
  isTerminating: boolean;
  storageVersion: string;
  conversion: 'None' | 'Webhook';
  versions: Version[];
  /** The definition without its versions, to judge names by. */
  head: CustomResourceDefinition;
  /** The whole definition, parsed anew. */
  load(): CustomResourceDefinition;
}

/** Is one version of a definition without its schema. */
export interface Version
  extends Pick<
    CustomResourceDefinitionVersion,
    'name' | 'served' | 'deprecated' | 'deprecationWarning' | 'subresources'
  > {
  columns: CustomResourceColumnDefinition[];
  /** Paths of selectable fields, as `.spec.size`. */
  selectable: string[];
}

/** Returns the condition of that type; undefined when nobody has written it. */
export const conditionOf = ({ status }: Pick<CustomResourceDefinition, 'status'>, type: string) =>
  status?.conditions?.find((condition) => condition.type === type);

const isTrue = (crd: CustomResourceDefinition, type: string) => conditionOf(crd, type)?.status === 'True';

/** @param load gives the definition again: it is not kept. */
export function definitionOf(
  crd: CustomResourceDefinition,
  load: () => CustomResourceDefinition,
): Definition {
  const { metadata, spec, status } = crd;
  const { names } = spec;
  return {
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? 0,
    group: spec.group,
    namespaced: spec.scope === 'Namespaced',
    names: {
      ...names,
      singular: names.singular || names.kind.toLowerCase(),
      listKind: names.listKind || `${names.kind}List`,
    },
    accepted: status?.acceptedNames ?? { plural: '', kind: '' },
    isEstablished: isTrue(crd, 'Established'),
    isTerminating: isTrue(crd, 'Terminating'),
    storageVersion: spec.versions.find(({ storage }) => storage)?.name ?? '',
    conversion: spec.conversion?.strategy === 'Webhook' ? 'Webhook' : 'None',
    versions: spec.versions.map((version) => ({
      name: version.name,
      served: version.served,
      deprecated: version.deprecated,
      deprecationWarning: version.deprecationWarning,
      subresources: version.subresources,
      columns: version.additionalPrinterColumns ?? [],
      selectable: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath),
    })),
    head: headOf(crd),
    load,
  };
}

function headOf({ metadata, spec, status }: CustomResourceDefinition): CustomResourceDefinition {
  const approval = metadata.annotations?.[approvalAnnotation];
  const { group, scope, names } = spec;
  return {
    metadata: {
      name: metadata.name,
      ...(approval !== undefined && { annotations: { [approvalAnnotation]: approval } }),
    },
    spec: { group, scope, names, versions: [] },
    ...(status && { status }),
  };
}
