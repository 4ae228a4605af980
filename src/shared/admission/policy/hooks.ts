import { madeOnce } from '../../cel/values/steps.ts';
import type { Matching } from '../../kinds/admissionregistration.k8s.io/v1/policy/matchResources.ts';
import type { ParamKind, ParamRef } from '../../kinds/schema/types.ts';
import { isComing, type Soon } from '../../meta/soon.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { compiled } from '../../storage/compiled/index.ts';

/** Describes what policies that judge and policies that change have in common. */
export interface Policy {
  readonly metadata: { readonly name?: string };
  readonly spec?: { readonly matchConstraints?: Matching; readonly paramKind?: ParamKind };
}
/** The same of their bindings. */
export interface Binding {
  readonly metadata: { readonly name?: string };
  readonly spec?: {
    readonly policyName?: string;
    readonly matchResources?: Matching;
    readonly paramRef?: ParamRef;
  };
}

/** A policy with its bindings. */
export interface Hook<P extends Policy, B extends Binding, C> {
  readonly policy: P;
  readonly bindings: readonly B[];
  /** Its expressions, which are compiled when a request first matches it: within what that request evaluates. */
  compiled(): C;
}

const group = 'admissionregistration.k8s.io';

/** The policies of a logical cluster that are bound, in the order of their names. */
export function hooksIn<P extends Policy, B extends Binding, C extends object>(
  storage: Storage,
  plurals: { policies: string; bindings: string },
  compile: (policy: P) => C,
): (cluster: string) => Soon<readonly Hook<P, B, C>[]> {
  const policies = compiled(storage, `${plurals.policies}.${group}`, {
    read: (stored) => {
      const policy = parsed<P>(stored);
      return { policy, compiled: madeOnce(() => compile(policy)) };
    },
    build: (entries) => [...entries.values()].sort((a, b) => (nameOf(a.policy) < nameOf(b.policy) ? -1 : 1)),
  });
  const bindings = compiled(storage, `${plurals.bindings}.${group}`, {
    read: parsed<B>,
    build: byPolicy<B>,
  });
  return (cluster) => {
    const known = bindings(cluster);
    return !isComing(known) && known.size === 0 ? none : boundBy(cluster, known);
  };

  async function boundBy(cluster: string, asked: ReturnType<typeof bindings>) {
    const known = await asked;
    if (known.size === 0) return none;
    const bound = (await policies(cluster)).filter(({ policy }) => known.has(nameOf(policy)));
    return bound.map((hook) => ({ ...hook, bindings: known.get(nameOf(hook.policy))! }));
  }
}

const none = [] as const;

const parsed = <T>({ value }: Stored): T => JSON.parse(Buffer.from(value).toString()) as T;
const nameOf = ({ metadata }: { metadata: { name?: string } }): string => metadata.name ?? '';

function byPolicy<B extends Binding>(entries: ReadonlyMap<string, B>): ReadonlyMap<string, readonly B[]> {
  const found = new Map<string, B[]>();
  for (const binding of [...entries.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
    const policy = binding.spec?.policyName ?? '';
    found.set(policy, [...(found.get(policy) ?? []), binding]);
  }
  return found;
}
