import { ApiError } from '../errors/apiError.ts';
import type { LabelSelector } from '../kinds/schema/types.ts';
import { labelValueProblems, qualifiedNameProblems } from './names.ts';

export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

export interface Requirement {
  key: string;
  operator: Operator;
  values: string[];
}

type Labels = Record<string, string> | undefined;

/** A parsed label selector. All requirements have to hold; one without requirements matches everything. */
export class Selector {
  readonly requirements: Requirement[];

  constructor(requirements: Requirement[]) {
    this.requirements = requirements;
  }

  get matchesEverything(): boolean {
    return this.requirements.length === 0;
  }

  matches(labels: Labels): boolean {
    return this.requirements.every((requirement) => holds(requirement, labels?.[requirement.key]));
  }
}

/** Matches nothing: what a missing LabelSelector means. */
class Nothing extends Selector {
  override get matchesEverything(): boolean {
    return false;
  }
  override matches(): boolean {
    return false;
  }
}

export const nothing: Selector = new Nothing([]);

function holds({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && isInteger(value) && BigInt(value) > BigInt(values[0]!);
    case 'Lt':
      return value !== undefined && isInteger(value) && BigInt(value) < BigInt(values[0]!);
  }
}

const isInteger = (text: string) => /^[+-]?\d+$/.test(text);

/** A LabelSelector of an object. Missing matches nothing, empty everything. */
export function labelSelectorFrom(selector: LabelSelector | undefined): Selector {
  if (!selector) return nothing;
  const exact = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  );
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }): Requirement => ({
      key,
      operator: operator as Operator,
      values: values ?? [],
    }),
  );
  return new Selector([...exact, ...expressions]);
}

/** A selector as plain labels: Services and the Scale subresource know only equality. */
export const labelSelectorOf = (labels: Labels): Selector =>
  labels && Object.keys(labels).length > 0 ? labelSelectorFrom({ matchLabels: labels }) : nothing;

/** As `kubectl get -l` would take it. */
export const formatSelector = ({ requirements }: Selector): string =>
  requirements
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, operator, values }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      if (operator === 'Gt') return `${key}>${values[0]}`;
      if (operator === 'Lt') return `${key}<${values[0]}`;
      if (operator === 'In' && values.length === 1) return `${key}=${values[0]}`;
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.toSorted().join(',')})`;
    })
    .join(',');

/** Parses `a=b,c!=d,e in (f,g),h,!i,j>1`. Throws BadRequest with the words of a real server. */
export function parseLabelSelector(text: string): Selector {
  const tokens =
    text.match(/\s*(!=|==|=|!|>|<|\(|\)|,|[^\s!=<>(),]+)\s*/g)?.map((token) => token.trim()) ?? [];
  let at = 0;
  const peek = () => tokens[at] ?? '';
  const next = () => tokens[at++] ?? '';
  const requirements: Requirement[] = [];
  const word = /^[^!=<>(),]+$/;

  const fail = (why: string): never => {
    throw new ApiError('BadRequest', `unable to parse requirement: ${why}`);
  };
  const parseValues = (): string[] => {
    if (next() !== '(') fail(`found '${tokens[at - 1] ?? ''}', expected: '('`);
    const values: string[] = [];
    for (;;) {
      const token = next();
      if (token === ')') return values.length ? values : [''];
      if (token === ',') {
        if (peek() === ',' || peek() === ')') values.push('');
        continue;
      }
      if (!word.test(token)) fail(`found '${token}', expected: ',', ')' or identifier`);
      values.push(token);
    }
  };
  const parseOne = (): Requirement => {
    const negated = peek() === '!' && next() === '!';
    const key = next();
    if (!word.test(key)) fail(`found '${key}', expected: !, identifier, or 'end of string'`);
    if (negated) return { key, operator: 'DoesNotExist', values: [] };
    const operator = peek();
    if (operator === '' || operator === ',') return { key, operator: 'Exists', values: [] };
    next();
    if (operator === 'in' || operator === 'notin')
      return { key, operator: operator === 'in' ? 'In' : 'NotIn', values: parseValues() };
    const value = peek() === '' || peek() === ',' ? '' : next();
    if (value && !word.test(value)) fail(`found '${value}', expected: identifier`);
    if (operator === '=' || operator === '==') return { key, operator: 'In', values: [value] };
    if (operator === '!=') return { key, operator: 'NotIn', values: [value] };
    if (operator === '>' || operator === '<') {
      if (!isInteger(value))
        fail(
          `values[0][${key}]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`,
        );
      return { key, operator: operator === '>' ? 'Gt' : 'Lt', values: [value] };
    }
    return fail(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  };

  while (at < tokens.length) {
    requirements.push(parseOne());
    if (at >= tokens.length) break;
    if (next() !== ',') fail(`found '${tokens[at - 1]}', expected: ',' or 'end of string'`);
    if (at >= tokens.length) fail("found '', expected: identifier after ','");
  }
  for (const { key, values } of requirements) check(key, values, fail);
  return new Selector(requirements);
}

function check(key: string, values: string[], fail: (why: string) => never): void {
  const badKey = qualifiedNameProblems(key);
  if (badKey.length) fail(`key: Invalid value: "${key}": ${badKey.join('; ')}`);
  values.forEach((value, index) => {
    const bad = labelValueProblems(value);
    if (bad.length) fail(`values[${index}][${key}]: Invalid value: "${value}": ${bad.join('; ')}`);
  });
}
