import type { Cause } from '../../../errors/apiError.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { type Declaration, declarationOf, withTypeAndMetadata } from './declaration.ts';
import { escapeName } from './escape.ts';
import { type CompiledRule, compileRules } from './rule.ts';
import { type Correlated, type Visit, validateNode } from './validateNode.ts';

export type { Correlated };

/** The cost that all rules of one object may have together, as upstream's RuntimeCELCostBudget. */
export const objectBudget = 10_000_000;

/** The rules at one place of a schema and below. */
export interface RuleNode {
  readonly schema: JSONSchemaProps;
  readonly rules: readonly CompiledRule[];
  readonly items?: RuleNode;
  readonly values?: RuleNode;
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly allOf: readonly RuleNode[];
}

/** Describes what the rules of a schema say of an object. */
export interface Verdict {
  readonly causes: readonly Cause[];
  /** Findings about what an update left as it was; it may stay. */
  readonly warnings: readonly Cause[];
  /** Is what is left of the budget; negative when it ran out. */
  readonly budget: number;
}

/** The rules in `x-kubernetes-validations` of a whole schema, compiled. */
export interface SchemaRules {
  /** @param correlated Tells what has not changed, whose findings are warnings only. */
  check(object: unknown, old?: unknown, correlated?: Correlated): Verdict;
  causes(object: unknown, old?: unknown): Cause[];
}

/** Compiles the rules of a structural schema; undefined when it has none. */
export function schemaRules(schema: JSONSchemaProps): SchemaRules | undefined {
  if (!hasRules(schema)) return undefined;
  const root = nodeOf(schema, schema, declarationOf(schema, true), true);
  if (!root) return undefined;
  const check: SchemaRules['check'] = (object, old, correlated) => {
    const visit: Visit = { causes: [], warnings: [], budget: objectBudget };
    validateNode(visit, root, '', object, old, { current: correlated, parent: undefined });
    return visit;
  };
  return { check, causes: (object, old) => [...check(object, old).causes] };
}

/**
 * Returns whether there are rules on the way through items, values and properties; rules in allOf alone do not count.
 */
function hasRules(schema: JSONSchemaProps): boolean {
  if (schema['x-kubernetes-validations']?.length) return true;
  return parts(schema).some(hasRules);
}

function parts({ items, additionalProperties, properties }: JSONSchemaProps): JSONSchemaProps[] {
  return [
    ...(items && !Array.isArray(items) ? [items] : []),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ...Object.values(properties ?? {}),
  ];
}

/**
 * @param rulesOf Where the rules are read: the schema itself, or a part of its allOf, whose values the schema describes.
 */
function nodeOf(
  rulesOf: JSONSchemaProps,
  schema: JSONSchemaProps,
  declaration: Declaration | undefined,
  isRoot: boolean,
): RuleNode | undefined {
  const own = rulesOf['x-kubernetes-validations'];
  const rules =
    own?.length && declaration
      ? compileRules({ ...schema, 'x-kubernetes-validations': own }, declaration)
      : [];
  const items = inner(single(rulesOf.items), single(schema.items), declaration?.element);
  const values = inner(
    asSchema(rulesOf.additionalProperties),
    asSchema(schema.additionalProperties),
    declaration?.element,
  );
  const properties = propertyNodes(rulesOf, schema, declaration);
  const allOf = (rulesOf.allOf ?? []).flatMap((part) => nodeOf(part, schema, declaration, isRoot) ?? []);
  if (rules.length + properties.size + allOf.length === 0 && !items && !values) return undefined;
  const seen = isRoot ? withTypeAndMetadata(schema) : schema;
  return { schema: seen, rules, properties, allOf, ...(items && { items }), ...(values && { values }) };
}

const single = (items: JSONSchemaProps['items']): JSONSchemaProps | undefined =>
  Array.isArray(items) ? undefined : items;
const asSchema = (values: JSONSchemaProps['additionalProperties']): JSONSchemaProps | undefined =>
  typeof values === 'object' ? values : undefined;
const isEmbedded = (schema: JSONSchemaProps): boolean => schema['x-kubernetes-embedded-resource'] === true;

const inner = (
  rulesOf: JSONSchemaProps | undefined,
  schema: JSONSchemaProps | undefined,
  declaration: Declaration | undefined,
): RuleNode | undefined => rulesOf && schema && nodeOf(rulesOf, schema, declaration, isEmbedded(schema));

function propertyNodes(
  rulesOf: JSONSchemaProps,
  schema: JSONSchemaProps,
  declaration: Declaration | undefined,
): Map<string, RuleNode> {
  const nodes = new Map<string, RuleNode>();
  for (const [name, rulesOfProperty] of Object.entries(rulesOf.properties ?? {})) {
    const property = schema.properties?.[name];
    if (!property) continue;
    const escaped = escapeName(name);
    const declared =
      escaped === undefined
        ? declarationOf(property, isEmbedded(property))
        : declaration?.fields?.get(escaped);
    const node = declared && nodeOf(rulesOfProperty, property, declared, isEmbedded(property));
    if (node) nodes.set(name, node);
  }
  return nodes;
}
