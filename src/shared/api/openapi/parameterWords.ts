/** Words of parameters: they are fields of the options of a request, and described as the fields of other types are. */
import type { Described, Descriptions } from './descriptions.ts';
import {
  deleting,
  lists,
  logging,
  nameInPath,
  namespaceInPath,
  type Parameter,
  patching,
  pretty,
  writing,
} from './parameters.ts';
import type { PathItem } from './paths.ts';

const optionsNamed = (goName: string) => ({ group: 'meta.k8s.io', version: 'v1', goName });

/** The options that parameters are fields of; of one that several have, the last describes it. */
const options = (
  [
    ['ListOptions', [namespaceInPath, pretty, ...lists]],
    ['DeleteOptions', deleting],
    ['PatchOptions', patching],
    ['CreateOptions', writing],
    ['PodLogOptions', logging],
  ] as const
).map(([goName, parameters]) => ({ type: optionsNamed(goName), parameters }));

/** Names the types that descriptions are asked for besides those of objects. */
export const optionTypes = options.map(({ type }) => type);

/** Returns a path's item with words for its parameters. */
export function withWords(describe: Descriptions): (item: PathItem) => PathItem {
  const words = new Map<Parameter, string>();
  for (const { type, parameters } of options) {
    const described: Described | undefined = describe(type);
    for (const parameter of parameters) {
      const text = described?.fields[parameter.name];
      if (text) words.set(parameter, text);
    }
  }
  const wordsOf = (parameter: Parameter, kind: string) =>
    parameter === nameInPath ? `name of the ${kind}` : words.get(parameter);
  const told = (parameters: Parameter[], kind: string) =>
    parameters.map((parameter) => {
      const description = wordsOf(parameter, kind);
      return description ? { description, ...parameter } : parameter;
    });
  return (item) => {
    const kind = kindOf(item);
    const entries = Object.entries(item as Record<string, Operation | Parameter[]>).map(([key, part]) => {
      if (Array.isArray(part)) return [key, told(part, kind)];
      return [key, part.parameters ? { ...part, parameters: told(part.parameters, kind) } : part];
    });
    return Object.fromEntries(entries);
  };
}

interface Operation {
  parameters?: Parameter[];
  'x-kubernetes-group-version-kind'?: { kind: string };
}

/** Operations of one path speak of one kind. */
function kindOf(item: PathItem): string {
  for (const part of Object.values(item as Record<string, Operation>)) {
    const { 'x-kubernetes-group-version-kind': gvk } = part;
    if (gvk) return gvk.kind;
  }
  return '';
}
