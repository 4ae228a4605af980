import { equal } from './equal.ts';
import { step } from './steps.ts';
import { type Failure, failed, type Outcome, type Value } from './value.ts';

/** A list. Elements may be made when they are asked for, and then asking may fail. */
export abstract class List {
  abstract readonly size: number;
  abstract at(index: number): Outcome;

  /** The list followed by another. Lists of a schema merge by their list type instead. */
  plus(other: List): List | Failure {
    return joined(this, other);
  }

  equals(other: List): boolean | Failure {
    if (this.size !== other.size) return false;
    step(this.size);
    for (let index = 0; index < this.size; index++) {
      const left = this.at(index);
      const right = other.at(index);
      if (failed(left) || failed(right)) return failed(left) ? left : (right as Failure);
      if (equal(left, right) === false) return false;
    }
    return true;
  }

  contains(value: Value): boolean | Failure {
    let trouble: Failure | undefined;
    step(this.size);
    for (let index = 0; index < this.size; index++) {
      const element = this.at(index);
      const same = failed(element) ? element : equal(element, value);
      if (same === true) return true;
      if (typeof same !== 'boolean') trouble ??= same;
    }
    return trouble ?? false;
  }

  /** All elements, or the first failure. */
  all(): Value[] | Failure {
    const values: Value[] = [];
    step(this.size);
    for (let index = 0; index < this.size; index++) {
      const element = this.at(index);
      if (failed(element)) return element;
      values.push(element);
    }
    return values;
  }
}

export class ArrayList extends List {
  private readonly elements: readonly Value[];
  constructor(elements: readonly Value[]) {
    super();
    this.elements = elements;
  }
  override get size(): number {
    return this.elements.length;
  }
  override at(index: number): Value {
    return this.elements[index]!;
  }
}

/**
 * The result of adding small lists. Several such lists may share one array, each seeing its first elements; the
 * longest appends in place, so that `result + [x]` in a loop costs one step and no list ever changes.
 */
class GrowingList extends List {
  readonly size: number;
  private readonly elements: Outcome[];

  constructor(first: List, second: List) {
    super();
    this.elements = GrowingList.growsInPlace(first)
      ? first.elements
      : Array.from({ length: first.size }, (_, index) => first.at(index));
    for (let index = 0; index < second.size; index++) this.elements.push(second.at(index));
    this.size = first.size + second.size;
  }
  static growsInPlace(list: List): list is GrowingList {
    return list instanceof GrowingList && list.elements.length === list.size;
  }
  override at(index: number): Outcome {
    return this.elements[index]!;
  }
}

/** Two lists seen as one. */
class JoinedList extends List {
  readonly size: number;
  private readonly first: List;
  private readonly second: List;
  constructor(first: List, second: List) {
    super();
    this.first = first;
    this.second = second;
    this.size = first.size + second.size;
  }
  override at(index: number): Outcome {
    return index < this.first.size ? this.first.at(index) : this.second.at(index - this.first.size);
  }
}

const small = 16;
const joined = (first: List, second: List): List =>
  second.size <= small && (first.size <= small || GrowingList.growsInPlace(first))
    ? new GrowingList(first, second)
    : new JoinedList(first, second);
