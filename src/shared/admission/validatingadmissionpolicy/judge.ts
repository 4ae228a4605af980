import type { Bindings } from '../../cel/eval/frame.ts';
import { typeName } from '../../cel/values/typeOf.ts';
import type { Value } from '../../cel/values/value.ts';
import type {
  CompiledPolicy,
  CompiledValidation,
} from '../../kinds/admissionregistration.k8s.io/v1/validatingadmissionpolicy/compile.ts';
import { evaluateAll, OutOfBudget, policyBudget, type Result } from '../policy/evaluate.ts';
import { conditionsHold } from '../policy/matchConditions.ts';

/** Describes why a request is refused, by a validation or because of an error. */
export interface Denial {
  readonly message: string;
  readonly reason?: string;
  /** Says which validation says it; absent for what concerns the whole policy. */
  readonly index?: number;
}

/** Describes what a policy says of a request. */
export interface Judgement {
  readonly denials: readonly Denial[];
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
  /** Annotations that could not be worked out; they refuse the request. */
  readonly annotationErrors: readonly string[];
}

const nothing: Judgement = { denials: [], annotations: [], annotationErrors: [] };

/** Evaluates a policy on a request. Pure; throws Undecided when it asks the authorizer something new. */
export function judge(compiled: CompiledPolicy, bindings: Bindings): Judgement {
  const failurePolicy = compiled.policy.spec?.failurePolicy;
  const refused = (message: string) => failedJudgement(failurePolicy, message);
  if (compiled.matchConditions.length > 0) {
    const held = conditionsHold(compiled.matchConditions, bindings, failurePolicy, compiled.variables);
    if ('error' in held) return refused(held.error);
    if (!held.holds) return nothing;
  }
  try {
    const budget = { left: policyBudget };
    const { validations, variables, auditAnnotations } = compiled;
    const conditions = validations.map(({ condition }) => condition);
    const results = evaluateAll(conditions, bindings, variables, budget);
    const messages = messagesOf(validations, () =>
      evaluateAll(
        validations.map(({ message }) => message),
        bindings,
        variables,
        budget,
      ),
    );
    const denials = validations.flatMap((own, index) => {
      const denial = denialOf(own, results[index], messages.results?.[index], messages.error);
      const isError = denial !== undefined && denial.reason === undefined;
      return denial && !(isError && failurePolicy === 'Ignore') ? [{ ...denial, index }] : [];
    });
    const values = evaluateAll(
      auditAnnotations.map(({ value }) => value),
      bindings,
      variables,
      { left: policyBudget },
    );
    return { denials, ...annotationsOf(compiled, values) };
  } catch (error) {
    if (error instanceof OutOfBudget) return refused(error.message);
    throw error;
  }
}

/** Returns what a policy says that cannot be evaluated. */
export const failedJudgement = (failurePolicy: string | undefined, message: string): Judgement =>
  failurePolicy === 'Ignore' ? nothing : { ...nothing, denials: [{ message }] };

interface Messages {
  readonly results?: readonly (Result | undefined)[];
  readonly error?: string;
}

/** Messages that cannot be paid for turn every refusal into an error. */
function messagesOf(
  validations: readonly CompiledValidation[],
  evaluate: () => (Result | undefined)[],
): Messages {
  if (!validations.some(({ message }) => message)) return {};
  try {
    return { results: evaluate() };
  } catch (error) {
    if (error instanceof OutOfBudget) return { error: error.message };
    throw error;
  }
}

function denialOf(
  { validation }: CompiledValidation,
  result: Result | undefined,
  message: Result | undefined,
  messageError: string | undefined,
): Denial | undefined {
  if (!result) return undefined;
  if ('error' in result) return { message: result.error };
  if (messageError !== undefined) return { message: `failed messageExpression: ${messageError}` };
  if (result.value === true) return undefined;
  const own = messageText(message) || (validation.message ?? '').trim();
  return {
    message: own || `failed expression: ${validation.expression.trim()}`,
    reason: validation.reason ?? 'Invalid',
  };
}

const longestMessage = 5 * 1024;

function messageText(result: Result | undefined): string {
  if (!result || 'error' in result || typeof result.value !== 'string') return '';
  const text = result.value.trim();
  return text.includes('\n') || Buffer.byteLength(text) > longestMessage ? '' : text;
}

function annotationsOf(
  { auditAnnotations, policy }: CompiledPolicy,
  results: readonly (Result | undefined)[],
): Pick<Judgement, 'annotations' | 'annotationErrors'> {
  const annotations: { key: string; value: string }[] = [];
  const annotationErrors: string[] = [];
  for (const [index, { key, value }] of auditAnnotations.entries()) {
    const result = results[index]!;
    if ('error' in result) {
      if (policy.spec?.failurePolicy !== 'Ignore') annotationErrors.push(result.error);
    } else if (typeof result.value === 'string') {
      const text = result.value.trim();
      if (text) annotations.push({ key, value: text });
    } else if (result.value !== null) annotationErrors.push(wrongType(value.expression, result.value));
  }
  return { annotations, annotationErrors };
}

const wrongType = (expression: string, value: Value): string =>
  `valueExpression '${expression}' resulted in unsupported return type: ${typeName(value)}. Return type must be either string or null.`;
