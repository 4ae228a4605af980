import { compactJson } from './json.ts';

type Node = { text: string } | { path: Step[] } | { range: Step[]; body: Node[] };
type Step =
  | { field: string }
  | { every: true }
  | { deep: string }
  | { index: number }
  | { slice: [number | undefined, number | undefined] }
  | { where: { path: Step[]; operator?: string; value?: unknown } };

/**
 * Fills a JSONPath template of kubectl's: `{.items[*].metadata.name}`, `{range .items[*]}…{end}`, `['a.b']`, `[0]`,
 * `[-1:]`, `[?(@.type=="Ready")]`, `..name`, quoted text. Throws for what it does not understand.
 */
export function fillTemplate(template: string, value: unknown): string {
  const text = /[{}]/.test(template) ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`;
  return render(parseTemplate(text), value);
}

/** Every value that a path (`.a.b[0]`, braces or not) leads to. */
export const valuesAt = (path: string, value: unknown): unknown[] => compiledPath(path)(value);

/** The same for a path that is asked often. Throws for what it does not understand. */
export function compiledPath(path: string): (value: unknown) => unknown[] {
  const steps = stepsOf(path);
  return (value) => walk(steps, value);
}

/** The first of these values, which columns show, and no others: a path of wildcards may lead to a million. */
export function firstOfPath(path: string): (value: unknown) => unknown {
  const steps = stepsOf(path);
  return (value) => first(steps, value, 0)?.found;
}

const stepsOf = (path: string): Step[] => parsePath(path.replace(/^\{|\}$/g, '').replace(/^(?=[^.[])/, '.'));

function first(steps: Step[], value: unknown, at: number): { found: unknown } | undefined {
  if (at === steps.length) return { found: value };
  for (const inner of follow(steps[at]!, value)) {
    const result = first(steps, inner, at + 1);
    if (result) return result;
  }
  return undefined;
}

function render(nodes: Node[], value: unknown): string {
  return nodes
    .map((node) => {
      if ('text' in node) return node.text;
      if ('path' in node) return walk(node.path, value).map(asText).join(' ');
      return walk(node.range, value)
        .map((each) => render(node.body, each))
        .join('');
    })
    .join('');
}

/** Writes a value as kubectl prints it in a JSONPath: objects and lists as compact JSON, null as an empty text. */
export const asText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? compactJson(value) : String(value ?? '');

function parseTemplate(template: string): Node[] {
  const top: Node[] = [];
  const open: Node[][] = [top];
  for (const part of template.match(/\{(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^}"'])*\}|[^{]+|\{/gs) ?? []) {
    const here = open.at(-1)!;
    if (!part.startsWith('{')) {
      here.push({ text: part });
      continue;
    }
    if (!part.endsWith('}')) throw new Error(`unclosed action in the template: ${template}`);
    const inside = part.slice(1, -1).trim();
    if (inside === 'end') open.length > 1 ? open.pop() : fail('not in range, nothing to end');
    else if (inside.startsWith('range ')) {
      const range = { range: parsePath(inside.slice(6).trim()), body: [] as Node[] };
      here.push(range);
      open.push(range.body);
    } else if (/^["']/.test(inside)) here.push({ text: quoted(inside) });
    else here.push({ path: parsePath(inside) });
  }
  if (open.length > 1) fail('{range} has no {end}');
  return top;
}

function fail(why: string): never {
  throw new Error(`error parsing jsonpath: ${why}`);
}

const quoted = (text: string): string =>
  text.startsWith("'") ? text.slice(1, -1) : (JSON.parse(text) as string);

const token =
  /^(?:\.\.([\w-]+)|\.\*|\.((?:[^\s.[\]{}()@,"'*\\]|\\.)+)|\[([^[\]]*(?:\[[^\]]*\][^[\]]*)*)\]|\.$|[@$])/;

function parsePath(text: string): Step[] {
  const steps: Step[] = [];
  for (let rest = text; rest; ) {
    const found = token.exec(rest);
    if (!found) fail(`unrecognized character in action: ${rest}`);
    rest = rest.slice(found[0].length);
    if (found[1]) steps.push({ deep: found[1] });
    else if (found[2]) steps.push({ field: found[2].replaceAll('\\', '') });
    else if (found[3] !== undefined) steps.push(bracket(found[3].trim()));
    else if (found[0] === '.*') steps.push({ every: true });
  }
  return steps;
}

function bracket(inside: string): Step {
  if (inside === '*') return { every: true };
  if (/^-?\d+$/.test(inside)) return { index: Number(inside) };
  const slice = /^(-?\d*):(-?\d*)$/.exec(inside);
  if (slice) return { slice: [numberOr(slice[1]), numberOr(slice[2])] };
  if (/^["']/.test(inside)) return { field: inside.slice(1, -1) };
  const where = /^\?\(\s*(@[^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*\)$/.exec(inside);
  if (!where) fail(`invalid array index ${inside}`);
  return {
    where: { path: parsePath(where[1]!), operator: where[2], ...(where[3] && { value: literal(where[3]) }) },
  };
}

const numberOr = (text: string | undefined) => (text ? Number(text) : undefined);
const literal = (text: string): unknown => (/^["']/.test(text) ? text.slice(1, -1) : JSON.parse(text));

function walk(steps: Step[], value: unknown): unknown[] {
  return steps.reduce<unknown[]>((values, step) => values.flatMap((each) => follow(step, each)), [value]);
}

function follow(step: Step, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const object = value as Record<string, unknown>;
  if ('field' in step) return Object.hasOwn(object, step.field) ? [object[step.field]] : [];
  if ('every' in step) return Object.values(object);
  if ('deep' in step) return deep(step.deep, value);
  if (!Array.isArray(value)) return [];
  if ('index' in step) return value.slice(step.index).slice(0, 1);
  if ('slice' in step) return value.slice(...step.slice);
  const { path, operator, value: wanted } = step.where;
  return value.filter((each) => {
    const found = walk(path, each);
    return operator ? found.some((one) => compare(one, operator, wanted)) : found.length > 0;
  });
}

function deep(name: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.hasOwn(value, name) ? [(value as Record<string, unknown>)[name]] : [];
  return [...own, ...Object.values(value).flatMap((each) => deep(name, each))];
}

function compare(one: unknown, operator: string, other: unknown): boolean {
  if (operator === '==') return one === other;
  if (operator === '!=') return one !== other;
  const [a, b] = [one as number, other as number];
  return { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[operator] ?? false;
}
