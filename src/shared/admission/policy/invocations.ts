import { ApiError } from '../../errors/apiError.ts';
import type { AnyObject } from '../../meta/object.ts';
import { matchOf, type NamespaceLabels } from '../matching/index.ts';
import type { Place } from '../matching/rules.ts';
import type { Admission } from '../plugin.ts';
import type { Binding, Policy } from './hooks.ts';
import { type FindParams, MisconfiguredBinding, UnknownParamKind } from './params.ts';

/** A binding that a request matches, with the objects that parameterise its policy: once for each, once for none. */
export interface Invocations<B> {
  readonly binding: B;
  readonly place: Place;
  readonly params: readonly (AnyObject | undefined)[];
}

/** Describes why a policy cannot be applied, or, with a binding, why that cannot. */
export interface Misconfigured<B> {
  readonly binding: B | undefined;
  readonly problem: string;
}

/** Returns what a policy is to be evaluated on for a request, binding by binding. */
export async function invocationsOf<P extends Policy, B extends Binding>(
  find: FindParams,
  admission: Admission,
  labels: NamespaceLabels,
  { policy, bindings }: { readonly policy: P; readonly bindings: readonly B[] },
): Promise<(Invocations<B> | Misconfigured<B>)[]> {
  const ofPolicy = (why: string) => ({ binding: undefined, problem: `failed to configure policy: ${why}` });
  const place = await matched(() => matchOf(policy.spec?.matchConstraints, admission, labels));
  if (place instanceof ApiError) return [ofPolicy(place.message)];
  if (!place) return [];
  const found: (Invocations<B> | Misconfigured<B>)[] = [];
  for (const binding of bindings) {
    const wrong = (why: string) => found.push({ binding, problem: `failed to configure binding: ${why}` });
    const binds = await matched(() => matchOf(binding.spec?.matchResources, admission, labels));
    if (binds instanceof ApiError) wrong(binds.message);
    if (!binds || binds instanceof ApiError) continue;
    const params = await paramsOf(find, admission, policy, binding);
    if (params instanceof UnknownParamKind) return [...found, ofPolicy(params.message)];
    if (params instanceof MisconfiguredBinding) wrong(params.message);
    else found.push({ binding, place, params });
  }
  return found;
}

/** Where a request matches, nothing, or why that cannot be said. */
async function matched(find: () => Promise<Place | undefined>): Promise<Place | undefined | ApiError> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

async function paramsOf(
  find: FindParams,
  { cluster, namespace }: Admission,
  { spec }: Policy,
  binding: Binding,
): Promise<readonly (AnyObject | undefined)[] | MisconfiguredBinding | UnknownParamKind> {
  try {
    return await find(cluster, spec?.paramKind, binding.spec?.paramRef, namespace);
  } catch (error) {
    if (error instanceof MisconfiguredBinding || error instanceof UnknownParamKind) return error;
    throw error;
  }
}
