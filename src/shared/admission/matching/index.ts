import type { Matching } from '../../kinds/admissionregistration.k8s.io/v1/policy/matchResources.ts';
import type { LabelSelector, NamedRuleWithOperations } from '../../kinds/schema/types.ts';
import { selects } from '../../meta/selects.ts';
import type { Admission } from '../plugin.ts';
import { type Place, ruleCovers } from './rules.ts';

/** Labels of the namespace of a request. Throws NotFound for a namespace that is not there. */
export type NamespaceLabels = () => Promise<Record<string, string> | undefined>;

/**
 * Returns where a request matches what a policy, a binding or a webhook is about; undefined when it does not. With no
 * resource rules every resource matches.
 * @throws what the look-up of the namespace throws, if only that is in question.
 */
export async function matchOf(
  match: Matching | undefined,
  admission: Admission,
  labels: NamespaceLabels,
): Promise<Place | undefined> {
  const own = placeOf(admission);
  if (!match) return own;
  if (!selectsObject(match.objectSelector, admission)) return undefined;
  if (placeIn(match.excludeResourceRules, match, admission, own)) return undefined;
  const place = match.resourceRules?.length ? placeIn(match.resourceRules, match, admission, own) : own;
  return place && (await selectsNamespace(match.namespaceSelector, admission, labels)) ? place : undefined;
}

const placeOf = ({ kind, objectKind }: Admission): Place => ({
  group: kind.group,
  version: kind.version,
  plural: kind.plural,
  kind: objectKind.kind,
});

/** The place that a rule names: where the request went, else where the same objects are served too. */
function placeIn(
  rules: readonly NamedRuleWithOperations[] = [],
  { matchPolicy }: Matching,
  admission: Admission,
  own: Place,
): Place | undefined {
  if (rules.some((rule) => ruleCovers(rule, admission, own))) return own;
  if (matchPolicy === 'Exact') return undefined;
  return equivalents(admission).find((place) => rules.some((rule) => ruleCovers(rule, admission, place)));
}

/** Returns where the same stored objects are served too: Events of the two groups, other versions of a definition. */
const equivalents = ({ equivalents: others }: Admission): Place[] =>
  others.map(({ group, version, plural, kind: name }) => ({ group, version, plural, kind: name }));

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

/** Either what there was or what is to be. */
function selectsObject(selector: LabelSelector | undefined, { object, old }: Admission): boolean {
  if (!selector || isEmpty(selector)) return true;
  return [object, old].some((own) => own !== undefined && selects(selector, own.metadata?.labels));
}

/** Objects outside namespaces are always selected; of a namespace its own labels count. */
async function selectsNamespace(
  selector: LabelSelector | undefined,
  { kind, object, operation, subresource, namespace }: Admission,
  labels: NamespaceLabels,
): Promise<boolean> {
  const isNamespace = kind.plural === 'namespaces' && kind.group === '';
  if (!selector || isEmpty(selector) || (!namespace && !isNamespace)) return true;
  const written = isNamespace && !subresource && operation !== 'DELETE' && operation !== 'CONNECT';
  return selects(selector, written ? object?.metadata.labels : await labels());
}
