import { ApiError } from '../../errors/apiError.ts';
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from '../../kinds/schema/types.ts';
import type { Admission } from '../plugin.ts';

/** Describes who cannot change a request, and why. */
export interface Denied {
  readonly policy: MutatingAdmissionPolicy;
  /** Absent when the policy itself cannot be applied. */
  readonly binding: MutatingAdmissionPolicyBinding | undefined;
  readonly message: string;
  /** It is the expressions that fail. */
  readonly isInvalid?: boolean;
}

/** The answer to a request that policies fail at: the first says why, the details say all. */
export function refusal({ kind, name, object }: Admission, denied: readonly Denied[]): ApiError {
  const messages = denied.map(textOf);
  return new ApiError('Forbidden', messages[0]!, {
    ...(denied[0]!.isInvalid && { told: { code: 403, reason: 'Invalid' } }),
    details: {
      name: name || object?.metadata.generateName || 'Unknown',
      ...(kind.group && { group: kind.group }),
      kind: kind.plural,
      causes: messages.map((message) => ({ message })),
    },
  });
}

const textOf = ({ policy, binding, message }: Denied): string =>
  binding
    ? `policy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${message}`
    : `policy ${JSON.stringify(policy.metadata.name)} denied request: ${message}`;
