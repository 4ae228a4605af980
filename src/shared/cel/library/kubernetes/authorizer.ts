import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../meta/names.ts';
import { boolType, objectType, stringType } from '../../types/type.ts';
import { type Failure, fail, noSuchOverload, Opaque, type Outcome, type Value } from '../../values/value.ts';
import { declare, method } from '../declare.ts';

export const authorizerType = objectType('kubernetes.authorization.Authorizer');
const pathCheckType = objectType('kubernetes.authorization.PathCheck');
const groupCheckType = objectType('kubernetes.authorization.GroupCheck');
export const resourceCheckType = objectType('kubernetes.authorization.ResourceCheck');
const decisionType = objectType('kubernetes.authorization.Decision');

/** Describes what an expression asks: may the user, or a service account, do this? */
export interface Check {
  /** The service account that is asked for instead of the user of the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  /** Set for paths outside the resources; else the rest is. */
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
  readonly error?: string;
}

/** Answers a check at once, or undefined when the answer has to be fetched; then the evaluation ends with `Undecided`. */
export type Decide = (check: Check) => Decision | undefined;

/** Is thrown to stop an evaluation at an undecided check; the caller decides the check and evaluates again. */
export class Undecided extends Error {
  readonly check: Check;
  constructor(check: Check) {
    super('an authorization check is not decided yet');
    this.check = check;
  }
}

/** One link of `authorizer.group('').resource('pods').check('get')`. */
class Link extends Opaque {
  override readonly typeName: string;
  readonly decide: Decide;
  readonly check: Omit<Check, 'verb'>;

  constructor(typeName: string, decide: Decide, check: Omit<Check, 'verb'>) {
    super();
    this.typeName = typeName;
    this.decide = decide;
    this.check = check;
  }
  with(typeName: string, more: Omit<Check, 'verb'>): Link {
    return new Link(typeName, this.decide, { ...this.check, ...more });
  }
  override equals(): boolean | Failure {
    return noSuchOverload();
  }
  override toString(): string {
    return this.typeName;
  }
}

class DecisionValue extends Opaque {
  override readonly typeName = decisionType.name;
  readonly decision: Decision;
  constructor(decision: Decision) {
    super();
    this.decision = decision;
  }
  override equals(): boolean | Failure {
    return noSuchOverload();
  }
  override toString(): string {
    return this.typeName;
  }
}

/** The variable `authorizer`. */
export const authorizerValue = (decide: Decide): Opaque => new Link(authorizerType.name, decide, {});

/** The variable `authorizer.requestResource`. */
export const requestResourceValue = (decide: Decide, check: Omit<Check, 'verb'>): Opaque =>
  new Link(resourceCheckType.name, decide, check);

type Args = readonly Value[];
const linkOf = ([link]: Args): Link => link as Link;
const text = (args: Args, at = 1): string => args[at] as string;
const blank = (value: string): boolean => value.trim() === '';

function serviceAccount(args: Args): Outcome {
  const [namespace, name] = [text(args), text(args, 2)];
  if (dns1123SubdomainProblems(name).length > 0) return fail('Invalid service account name');
  if (dns1123LabelProblems(namespace).length > 0) return fail('Invalid service account namespace');
  return linkOf(args).with(authorizerType.name, { serviceAccount: { namespace, name } });
}

function check(args: Args): Outcome {
  const { decide, check: asked } = linkOf(args);
  const complete = { ...asked, verb: text(args) };
  const decision = decide(complete);
  if (!decision) throw new Undecided(complete);
  return new DecisionValue(decision);
}

const refine = (name: keyof Check, id: string) =>
  declare(
    name,
    method(id, [resourceCheckType, stringType], resourceCheckType, (args) =>
      linkOf(args).with(resourceCheckType.name, { [name]: text(args) }),
    ),
  );

const decided = (name: string, type: typeof boolType, read: (decision: Decision) => Value) =>
  declare(
    name,
    method(`decision_${name}`, [decisionType], type, ([decision]) =>
      read((decision as DecisionValue).decision),
    ),
  );

/** Questions to the authorizer of the cluster. */
export const authorization = [
  declare(
    'path',
    method('authorizer_path', [authorizerType, stringType], pathCheckType, (args) =>
      blank(text(args))
        ? fail('path must not be empty')
        : linkOf(args).with(pathCheckType.name, { path: text(args) }),
    ),
  ),
  declare(
    'group',
    method('authorizer_group', [authorizerType, stringType], groupCheckType, (args) =>
      linkOf(args).with(groupCheckType.name, { group: text(args) }),
    ),
  ),
  declare(
    'serviceAccount',
    method(
      'authorizer_serviceaccount',
      [authorizerType, stringType, stringType],
      authorizerType,
      serviceAccount,
    ),
  ),
  declare(
    'resource',
    method('groupcheck_resource', [groupCheckType, stringType], resourceCheckType, (args) =>
      blank(text(args))
        ? fail('resource must not be empty')
        : linkOf(args).with(resourceCheckType.name, { resource: text(args) }),
    ),
  ),
  refine('subresource', 'resourcecheck_subresource'),
  refine('namespace', 'resourcecheck_namespace'),
  refine('name', 'resourcecheck_name'),
  refine('fieldSelector', 'authorizer_fieldselector'),
  refine('labelSelector', 'authorizer_labelselector'),
  declare(
    'check',
    method('pathcheck_check', [pathCheckType, stringType], decisionType, check),
    method('resourcecheck_check', [resourceCheckType, stringType], decisionType, check),
  ),
  decided('errored', boolType, ({ error }) => error !== undefined),
  decided('error', stringType, ({ error }) => error ?? ''),
  decided('allowed', boolType, ({ allowed }) => allowed),
  decided('reason', stringType, ({ reason }) => reason),
];
