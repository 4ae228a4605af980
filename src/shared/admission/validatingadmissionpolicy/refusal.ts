import { ApiError } from '../../errors/apiError.ts';
import type { Reason } from '../../errors/reason.ts';
import { resourceName } from '../../kinds/kind.ts';
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../kinds/schema/types.ts';
import { table } from '../../meta/table.ts';
import type { Admission } from '../plugin.ts';

/** Describes who refuses a request, and why. */
export interface Denied {
  readonly policy: ValidatingAdmissionPolicy;
  /** Absent when the policy itself cannot be applied. */
  readonly binding: ValidatingAdmissionPolicyBinding | undefined;
  readonly message: string;
  readonly reason?: string;
}

const reasons: Readonly<Record<string, Reason>> = table({
  Forbidden: 'Forbidden',
  Invalid: 'Invalid',
  RequestEntityTooLarge: 'RequestEntityTooLarge',
  Unauthorized: 'Unauthorized',
});

/** The answer to a request that a policy refuses. */
export function refusal(
  { kind, name, object }: Admission,
  { policy, binding, message, reason }: Denied,
): ApiError {
  const who = `ValidatingAdmissionPolicy '${policy.metadata.name}'`;
  const why = `${who}${binding ? ` with binding '${binding.metadata.name}'` : ''} denied request: ${message}`;
  const shown = name || object?.metadata.generateName || 'Unknown';
  const subject = `${resourceName(kind)} ${JSON.stringify(shown)} is forbidden`;
  return new ApiError(reasons[reason ?? 'Invalid'] ?? 'Invalid', `${subject}: ${why}`, {
    details: {
      name: shown,
      ...(kind.group && { group: kind.group }),
      kind: kind.plural,
      causes: [{ message: why }],
    },
  });
}
