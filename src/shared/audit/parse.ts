import { parse } from 'yaml';
import { isObject } from '../meta/isObject.ts';
import { levels, type Policy, type Rule, stages } from './policy.ts';

const versions = ['audit.k8s.io/v1'];

/**
 * Reads a policy file. `source` says where the text comes from.
 * @throws Error that says which field is wrong, as kube-apiserver does at its start
 */
export function parsePolicy(text: string, source: string): Policy {
  const problem = (why: string) => new Error(`${source}: ${why}`);
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw problem((error as Error).message);
  }
  if (!isObject(value)) throw problem('it holds no policy');
  const { apiVersion, kind, rules } = value;
  if (kind !== 'Policy' || !versions.includes(String(apiVersion)))
    throw problem(`it is no Policy of ${versions.join(', ')}`);
  if (!Array.isArray(rules) || rules.length === 0) throw problem('loaded illegal policy with 0 rules');
  const causes = [
    ...stageProblems('omitStages', value.omitStages),
    ...rules.flatMap((rule, i) => ruleProblems(`rules[${i}]`, rule)),
  ];
  if (causes.length > 0) throw problem(causes.join(', '));
  return value as unknown as Policy;
}

const listsOfTexts = ['users', 'userGroups', 'verbs', 'namespaces', 'nonResourceURLs'] as const;

function ruleProblems(at: string, rule: unknown): string[] {
  if (!isObject(rule)) return [`${at}: Invalid value: a rule is an object`];
  const { level, resources, nonResourceURLs, namespaces } = rule as Partial<Rule>;
  const causes: string[] = [];
  if (!level) causes.push(`${at}.level: Required value`);
  else if (!levels.includes(level))
    causes.push(
      `${at}.level: Unsupported value: ${JSON.stringify(level)}: supported values: ${shown(levels)}`,
    );
  for (const field of listsOfTexts)
    if (rule[field] !== undefined && !isTexts(rule[field]))
      causes.push(`${at}.${field}: Invalid value: a list of texts is wanted`);
  if (resources !== undefined && !(Array.isArray(resources) && resources.every(isObject)))
    causes.push(`${at}.resources: Invalid value: a list of groups with their resources is wanted`);
  if (nonResourceURLs?.length && (resources?.length || namespaces?.length))
    causes.push(
      `${at}.nonResourceURLs: Invalid value: rules cannot apply to both regular resources and non-resource URLs`,
    );
  return [...causes, ...stageProblems(`${at}.omitStages`, rule.omitStages)];
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

function stageProblems(field: string, value: unknown): string[] {
  if (value === undefined) return [];
  if (!isTexts(value)) return [`${field}: Invalid value: a list of stages is wanted`];
  return (value as string[]).flatMap((stage, i) =>
    (stages as readonly string[]).includes(stage)
      ? []
      : [`${field}[${i}]: Invalid value: ${JSON.stringify(stage)}: allowed stages are ${stages.join(',')}`],
  );
}

const shown = (values: readonly string[]) => values.map((value) => JSON.stringify(value)).join(', ');
