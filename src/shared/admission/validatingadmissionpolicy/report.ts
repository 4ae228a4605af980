import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../kinds/schema/types.ts';
import type { Admission } from '../plugin.ts';
import type { Denial } from './judge.ts';

const longestAnnotation = 10 * 1024;

/** Tells what a policy found beside refusing: warnings, and notes in the audit log. */
export class Report {
  private readonly admission: Admission;
  private readonly policy: string;
  private readonly annotations = new Map<string, string[]>();

  constructor(admission: Admission, policy: ValidatingAdmissionPolicy) {
    this.admission = admission;
    this.policy = policy.metadata.name ?? '';
  }

  warn(binding: ValidatingAdmissionPolicyBinding, { message }: Denial): void {
    this.admission.warn(
      `Validation failed for ValidatingAdmissionPolicy '${this.policy}' with binding '${binding.metadata.name}': ${message}`,
    );
  }

  audit(binding: ValidatingAdmissionPolicyBinding, { message, index = 0 }: Denial): void {
    const failure = {
      message,
      policy: this.policy,
      binding: binding.metadata.name,
      expressionIndex: index,
      validationActions: binding.spec?.validationActions,
    };
    this.admission.annotate(
      'validation.policy.admission.k8s.io/validation_failure',
      JSON.stringify([failure]),
    );
  }

  /** Several bindings may give a key different values: those are told together. */
  annotate(key: string, value: string): void {
    const known = this.annotations.get(key) ?? [];
    const cut = value.slice(0, longestAnnotation);
    if (!known.includes(cut)) this.annotations.set(key, [...known, cut]);
  }

  publish(): void {
    for (const [key, values] of this.annotations)
      this.admission.annotate(`${this.policy}/${key}`, values.join(', '));
  }
}
