import type { Expr } from '../parse/ast.ts';
import type { Issue } from '../parse/source.ts';
import { Substitution } from '../types/substitution.ts';
import { absoluteName, errorType, formatType, parameter, type Type } from '../types/type.ts';
import type { Environment } from './environment.ts';

/** Describes what a name or a call was found to be. */
export interface Reference {
  /** The variable or type that a name means. */
  readonly name?: string;
  /** The signatures that a call may turn out to have. */
  readonly overloads?: readonly string[];
}

/** Describes what the checker learns on its way through an expression. */
export class State {
  readonly types = new Map<number, Type>();
  readonly references = new Map<number, Reference>();
  readonly substitution = new Substitution();
  private readonly environment: Environment;
  private readonly issues: Issue[];
  private readonly scopes: Map<string, Type>[] = [];
  private fresh = 0;

  constructor(environment: Environment, issues: Issue[]) {
    this.environment = environment;
    this.issues = issues;
  }

  report(at: number, message: string): void {
    this.issues.push({ at, message });
  }
  typeOf(expr: Expr): Type {
    return this.types.get(expr.id) ?? errorType;
  }
  set(expr: Expr, type: Type, reference?: Reference): void {
    this.types.set(expr.id, type);
    if (reference) this.references.set(expr.id, reference);
  }
  resolved(type: Type): Type {
    return this.substitution.apply(type, false);
  }
  newParameter(): Type {
    return parameter(`_var${this.fresh++}`);
  }

  /** Returns whether one type may stand for the other; remembers what that says of parameters. */
  assignable(from: Type, to: Type): boolean {
    return this.allAssignable([from], [to]);
  }
  allAssignable(from: readonly Type[], to: readonly Type[]): boolean {
    return this.substitution.assign(from, to);
  }
  mismatch(at: number, expected: Type, found: Type): void {
    this.report(at, `expected type '${formatType(expected)}' but found '${formatType(found)}'`);
  }
  undeclared(at: number, name: string): void {
    this.report(at, `undeclared reference to '${name}' (in container '')`);
  }

  enter(names: Readonly<Record<string, Type>>): void {
    this.scopes.push(new Map(Object.entries(names)));
  }
  exit(): void {
    this.scopes.pop();
  }
  variable(name: string): { name: string; type: Type } | undefined {
    const plain = absoluteName(name);
    const local = name === plain && this.scopes.findLast((scope) => scope.has(name))?.get(name);
    const type =
      local ||
      this.environment.variables.get(plain) ||
      this.environment.types.get(plain) ||
      this.object(plain);
    return type && { name: plain, type };
  }
  private object(name: string): Type | undefined {
    return this.environment.objects.get(name)
      ? { kind: 'type', name: 'type', parameters: [{ kind: 'object', name, parameters: [] }] }
      : undefined;
  }
  function(name: string) {
    return this.environment.functions.get(absoluteName(name));
  }
  fields(typeName: string) {
    return this.environment.objects.get(typeName);
  }
}
