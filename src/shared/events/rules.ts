import { parse } from 'yaml';
import { isObject } from '../meta/isObject.ts';
import { neverMatching, type Pattern, patternOf } from './pattern.ts';
import { onlyFields, type Plane, type Wrong } from './problems.ts';
import { type Target, targetOf } from './targets.ts';

/** Describes which events go where. */
export interface EventRule {
  name: string;
  pattern: Pattern;
  targets: readonly Target[];
  /** Seconds for which a target is tried; then the event is a dead letter. */
  maximumEventAgeInSeconds: number;
}

/** As much as EventBridge allows, and what it does when nothing is said. */
const longestAge = 86_400;
const shortestAge = 60;
const mostRules = 100;
/** EventBridge takes at most so many targets of a rule. */
const mostTargets = 5;
const apiVersion = 'events.shallop.dev/v1';

/**
 * Reads a rule file. `source` says where the text comes from; `plane` where the rules are to serve.
 * @throws Error that names every wrong field, and what the plane cannot do
 */
export function parseRules(text: string, source: string, plane: Plane): readonly EventRule[] {
  let value: unknown;
  try {
    // Aliases could make a small file an endless one.
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new Error(`${source}: ${(error as Error).message}`);
  }
  const problems: string[] = [];
  const rules = rulesIn(value, plane, (problem) => problems.push(problem));
  if (problems.length > 0) throw new Error(`${source}: ${problems.join(', ')}`);
  return rules;
}

function rulesIn(value: unknown, plane: Plane, wrong: Wrong): EventRule[] {
  if (!isObject(value) || value.kind !== 'EventRules' || value.apiVersion !== apiVersion) {
    wrong(`it is no EventRules of ${apiVersion}`);
    return [];
  }
  onlyFields(value, ['apiVersion', 'kind', 'rules'], '', wrong);
  const { rules } = value;
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > mostRules) {
    wrong(`rules: Invalid value: a list of 1 to ${mostRules} rules is wanted`);
    return [];
  }
  const read = rules.map((rule, i) => ruleOf(rule, `rules[${i}]`, plane, wrong));
  onlyOnce(read, 'rules', wrong);
  return read;
}

function ruleOf(rule: unknown, at: string, plane: Plane, wrong: Wrong): EventRule {
  if (!isObject(rule)) {
    wrong(`${at}: Invalid value: a rule is an object`);
    return { name: '', pattern: neverMatching, targets: [], maximumEventAgeInSeconds: longestAge };
  }
  onlyFields(rule, ['name', 'pattern', 'targets', 'retry'], `${at}.`, wrong);
  const { targets = [] } = rule;
  const isList = Array.isArray(targets) && targets.length > 0 && targets.length <= mostTargets;
  if (!isList) wrong(`${at}.targets: Invalid value: a list of 1 to ${mostTargets} targets is wanted`);
  const read = isList
    ? targets.map((target, i) => {
        const place = `${at}.targets[${i}]`;
        const fields = isObject(target) ? target : {};
        const name = nameOf(fields.name, `${place}.name`, wrong);
        return { name, ...targetOf(fields, place, plane, wrong) };
      })
    : [];
  onlyOnce(read, `${at}.targets`, wrong);
  return {
    name: nameOf(rule.name, `${at}.name`, wrong),
    pattern: patternOf(rule.pattern, `${at}.pattern`, wrong),
    targets: read,
    maximumEventAgeInSeconds: ageOf(rule.retry, `${at}.retry`, wrong),
  };
}

function nameOf(value: unknown, at: string, wrong: Wrong): string {
  if (typeof value === 'string' && /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(value)) return value;
  wrong(`${at}: Invalid value: ${JSON.stringify(value)}: up to 40 of a-z, 0-9 and - are wanted`);
  return '';
}

function onlyOnce(named: readonly { name: string }[], at: string, wrong: Wrong): void {
  const seen = new Set<string>();
  for (const [i, { name }] of named.entries()) {
    if (name && seen.has(name)) wrong(`${at}[${i}].name: Duplicate value: ${JSON.stringify(name)}`);
    seen.add(name);
  }
}

function ageOf(value: unknown, at: string, wrong: Wrong): number {
  if (value === undefined) return longestAge;
  const retry = isObject(value) ? value : {};
  onlyFields(retry, ['maximumEventAgeInSeconds'], `${at}.`, wrong);
  const { maximumEventAgeInSeconds: age = longestAge } = retry;
  if (typeof age === 'number' && Number.isInteger(age) && age >= shortestAge && age <= longestAge) return age;
  wrong(
    `${at}.maximumEventAgeInSeconds: Invalid value: ${JSON.stringify(age)}: must be between ${shortestAge} and ${longestAge}, inclusive`,
  );
  return longestAge;
}
