import { dynType, formatType, isDyn, isDynOrError, sameType, type Type, withParameters } from './type.ts';

/** Describes what type parameters stand for so far. */
export class Substitution {
  private readonly bound = new Map<string, Type>();
  /** Is what the parameters that an assignment has bound stood for before. */
  private before: [name: string, type: Type | undefined][] = [];

  bind(from: Type, to: Type): void {
    this.before.push([from.name, this.bound.get(from.name)]);
    this.bound.set(from.name, to);
  }
  find(type: Type): Type | undefined {
    return type.kind === 'parameter' ? this.bound.get(type.name) : undefined;
  }

  /** The type with what is known of its parameters; with `orDyn` what is not known becomes `dyn`. */
  apply(type: Type, orDyn: boolean): Type {
    const known = this.find(type);
    if (known) return this.apply(known, orDyn);
    if (type.kind === 'parameter') return orDyn ? dynType : type;
    if (type.parameters.length === 0) return type;
    return withParameters(
      type,
      type.parameters.map((own) => this.apply(own, orDyn)),
    );
  }

  /**
   * Returns whether one list of types may stand where the other is expected; binds parameters when they may. Copies nothing, as an
   * expression has thousands of parameters.
   */
  assign(from: readonly Type[], to: readonly Type[]): boolean {
    this.before = [];
    const fits = this.assignAll(from, to);
    if (!fits)
      for (const [name, type] of this.before.reverse()) {
        if (type) this.bound.set(name, type);
        else this.bound.delete(name);
      }
    return fits;
  }

  private assignAll(from: readonly Type[], to: readonly Type[]): boolean {
    return from.length === to.length && from.every((own, index) => this.assignOne(own, to[index]!));
  }

  private assignOne(left: Type, right: Type): boolean {
    if (right.kind === 'parameter') {
      const { valid, bound } = this.substitutes(left, right);
      if (valid) return true;
      if (bound) return false;
    }
    if (left.kind === 'parameter') return this.substitutes(right, left).valid;
    if (isDynOrError(left) || isDynOrError(right)) return true;
    if (left.kind === 'null') return nullable(right);
    if (right.kind === 'null') return nullable(left);
    if (left.kind === 'type') return right.kind === 'type';
    return (
      left.kind === right.kind &&
      left.name === right.name &&
      this.assignAll(left.parameters, right.parameters)
    );
  }

  /** Returns whether a type may stand for a parameter, and whether the parameter was bound before. */
  private substitutes(type: Type, to: Type): { valid: boolean; bound: boolean } {
    if (sameType(type, to)) return { valid: true, bound: true };
    const known = this.find(to);
    if (known) {
      if (sameType(type, known)) return { valid: true, bound: true };
      if (!this.assignOne(type, known)) return { valid: false, bound: true };
      const general = mostGeneral(type, known);
      if (!this.occurs(to, general)) this.bind(to, general);
      return { valid: true, bound: true };
    }
    if (this.occurs(to, type)) return { valid: false, bound: false };
    this.bind(to, type);
    return { valid: true, bound: false };
  }

  private occurs(sought: Type, within: Type): boolean {
    if (sameType(sought, within)) return true;
    if (within.kind === 'parameter') {
      const known = this.find(within);
      return known !== undefined && this.occurs(sought, known);
    }
    return within.parameters.some((own) => this.occurs(sought, own));
  }
}

function nullable(type: Type): boolean {
  return (
    type.kind === 'null' ||
    type.kind === 'object' ||
    type.kind === 'opaque' ||
    formatType(type) === 'duration' ||
    formatType(type) === 'timestamp'
  );
}

/** Returns the less specific of two types, one of which may stand for the other. */
export const mostGeneral = (left: Type, right: Type): Type => (saysNoMore(left, right) ? left : right);

function saysNoMore(left: Type, right: Type): boolean {
  if (isDyn(left) || left.kind === 'parameter') return true;
  if (isDyn(right) || right.kind === 'parameter') return false;
  if (left.kind !== right.kind) return false;
  if (left.kind === 'type') return true;
  return (
    left.name === right.name &&
    left.parameters.length === right.parameters.length &&
    left.parameters.every((own, index) => saysNoMore(own, right.parameters[index]!))
  );
}
