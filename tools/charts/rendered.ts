import { parseAllDocuments } from 'yaml';

/** An object of a chart. */
export interface Rendered {
  apiVersion: string;
  kind: string;
  metadata: { name?: string; generateName?: string; namespace?: string };
  [field: string]: unknown;
}

/** What others need comes first; what is asked about others, or stands before them, last. */
const first = ['Namespace', 'CustomResourceDefinition'];
const last = [
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicyBinding',
  'APIService',
];
const rank = ({ kind }: Rendered) => (first.includes(kind) ? first.indexOf(kind) - 9 : last.indexOf(kind));

/** Returns the objects that `helm template` rendered, in the order in which they are created. */
export function renderedIn(text: string): Rendered[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    logLevel: 'error',
  });
  return [...documents]
    .map((document) => document.toJS({ maxAliasCount: -1 }) as Rendered | null)
    .filter((object) => object !== null && typeof object === 'object' && 'kind' in object)
    .flatMap((object) => (object.kind === 'List' ? (object.items as Rendered[]) : [object]))
    .map(asJson)
    .sort((a, b) => rank(a) - rank(b));
}

/** YAML 1.1 has dates, which are text in JSON. */
const asJson = (object: Rendered): Rendered => JSON.parse(JSON.stringify(object));
