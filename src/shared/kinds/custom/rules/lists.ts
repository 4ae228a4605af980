import { Dict } from '../../../cel/values/dict.ts';
import { equal } from '../../../cel/values/equal.ts';
import { List } from '../../../cel/values/list.ts';
import { show } from '../../../cel/values/show.ts';
import { step } from '../../../cel/values/steps.ts';
import { typeName } from '../../../cel/values/typeOf.ts';
import { type Failure, failed, type Outcome, type Value } from '../../../cel/values/value.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { escapeName } from './escape.ts';
import { schemaValue } from './values.ts';

/** An element of a list: a piece of data that a schema reads, or a value that an expression made. */
type Element = { readonly data: unknown } | { readonly value: Value };

/** A list in which the order does not count: elements are known by a key. */
abstract class KeyedList extends List {
  protected readonly elements: readonly Element[];
  protected readonly items: JSONSchemaProps;
  constructor(elements: readonly Element[], items: JSONSchemaProps) {
    super();
    this.elements = elements;
    this.items = items;
  }
  override get size(): number {
    return this.elements.length;
  }
  override at(index: number): Outcome {
    const element = this.elements[index]!;
    return 'value' in element ? element.value : schemaValue(element.data, this.items);
  }
  /** Is what tells the element from the others. */
  protected abstract keyOf(value: Value): string;
  protected abstract made(elements: readonly Element[]): List;

  private keyed(): Map<string, number> {
    const keys = new Map<string, number>();
    step(this.size);
    for (let index = 0; index < this.size; index++) {
      const value = this.at(index);
      if (!failed(value)) keys.set(this.keyOf(value), index);
    }
    return keys;
  }

  override equals(other: List): boolean | Failure {
    if (this.size !== other.size) return false;
    const keys = this.keyed();
    for (let index = 0; index < other.size; index++) {
      const value = other.at(index);
      if (failed(value)) return value;
      const own = keys.get(this.keyOf(value));
      if (own === undefined) return false;
      const mine = this.at(own);
      const same = failed(mine) ? mine : equal(mine, value);
      if (same !== true) return same;
    }
    return true;
  }

  /** Elements with a known key replace what is there, the others follow. */
  override plus(other: List): List | Failure {
    const elements = [...this.elements];
    const keys = this.keyed();
    step(other.size);
    for (let index = 0; index < other.size; index++) {
      const value = other.at(index);
      if (failed(value)) return value;
      const key = this.keyOf(value);
      const known = keys.get(key);
      if (known === undefined) keys.set(key, elements.length);
      elements[known ?? elements.length] = { value };
    }
    return this.made(elements);
  }
}

const asData = (data: readonly unknown[]): Element[] => data.map((own) => ({ data: own }));

/** x-kubernetes-list-type: set. */
export class SchemaSet extends KeyedList {
  constructor(data: readonly unknown[], items: JSONSchemaProps, elements = asData(data)) {
    super(elements, items);
  }
  protected override keyOf(value: Value): string {
    return keyText(value);
  }
  protected override made(elements: readonly Element[]): List {
    return new SchemaSet([], this.items, [...elements]);
  }
}

/** x-kubernetes-list-type: map. */
export class SchemaMapList extends KeyedList {
  private readonly mapKeys: readonly string[];
  constructor(
    data: readonly unknown[],
    items: JSONSchemaProps,
    mapKeys: readonly string[],
    elements = asData(data),
  ) {
    super(elements, items);
    this.mapKeys = mapKeys;
  }
  protected override keyOf(value: Value): string {
    return JSON.stringify(this.mapKeys.map((key) => propertyText(value, key)));
  }
  protected override made(elements: readonly Element[]): List {
    return new SchemaMapList([], this.items, this.mapKeys, [...elements]);
  }
}

/** Scalars as text with their type, so that `1` and `'1'` differ. */
function keyText(value: Value): string {
  if (value instanceof List)
    return `list:${Array.from({ length: value.size }, (_, index) => keyText(plain(value.at(index)))).join(',')}`;
  return `${typeName(value)}:${show(value)}`;
}
const plain = (value: Outcome): Value => (failed(value) ? null : value);

function propertyText(value: Value, key: string): string | null {
  if (!(value instanceof Dict)) return null;
  const found = value.find(escapeName(key) ?? key);
  return found === undefined || failed(found) ? null : keyText(found);
}
