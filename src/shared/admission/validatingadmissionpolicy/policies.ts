import {
  type CompiledPolicy,
  compilePolicy,
} from '../../kinds/admissionregistration.k8s.io/v1/validatingadmissionpolicy/compile.ts';
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../kinds/schema/types.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { compiled } from '../../storage/compiled/index.ts';

/** A policy with its bindings. Its expressions are compiled when a request first matches it. */
export interface Hook {
  readonly policy: ValidatingAdmissionPolicy;
  readonly bindings: readonly ValidatingAdmissionPolicyBinding[];
  compiled(): CompiledPolicy;
}

const group = 'admissionregistration.k8s.io';

/** The policies of a logical cluster that are bound, in the order of their names. */
export function hooksIn(storage: Storage): (cluster: string) => Promise<readonly Hook[]> {
  const policies = compiled(storage, `validatingadmissionpolicies.${group}`, {
    read: (stored) => withCompiler(parsed<ValidatingAdmissionPolicy>(stored)),
    build: (entries) => [...entries.values()].sort((a, b) => (nameOf(a.policy) < nameOf(b.policy) ? -1 : 1)),
  });
  const bindings = compiled(storage, `validatingadmissionpolicybindings.${group}`, {
    read: parsed<ValidatingAdmissionPolicyBinding>,
    build: byPolicy,
  });
  return async (cluster) => {
    const known = await bindings(cluster);
    if (known.size === 0) return [];
    const bound = (await policies(cluster)).filter(({ policy }) => known.has(nameOf(policy)));
    return bound.map((hook) => ({ ...hook, bindings: known.get(nameOf(hook.policy))! }));
  };
}

const parsed = <T>({ value }: Stored): T => JSON.parse(Buffer.from(value).toString()) as T;
const nameOf = ({ metadata }: { metadata: { name?: string } }): string => metadata.name ?? '';

function withCompiler(policy: ValidatingAdmissionPolicy): Omit<Hook, 'bindings'> {
  let made: CompiledPolicy | undefined;
  return {
    policy,
    compiled: () => {
      made ??= compilePolicy(policy);
      return made;
    },
  };
}

function byPolicy(
  entries: ReadonlyMap<string, ValidatingAdmissionPolicyBinding>,
): ReadonlyMap<string, readonly ValidatingAdmissionPolicyBinding[]> {
  const found = new Map<string, ValidatingAdmissionPolicyBinding[]>();
  for (const binding of [...entries.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
    const policy = binding.spec?.policyName ?? '';
    found.set(policy, [...(found.get(policy) ?? []), binding]);
  }
  return found;
}
