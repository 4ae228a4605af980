import type { PolicyOutcome, PolicyTask } from '../../shared/admission/policy/tasks.ts';
import type { ExpectedOfFacts } from '../../shared/api/write/decode.ts';
import type { TypeCheck } from '../../shared/controllers/validatingadmissionpolicystatus/plan.ts';
import type { Cause, Details } from '../../shared/errors/apiError.ts';
import type { Reason } from '../../shared/errors/reason.ts';
import type { JudgeTask, ValidateTask } from '../../shared/kinds/schema/objectSchema.ts';
import type { ExpressionWarning } from '../../shared/kinds/schema/types.ts';

/** A body for the thread. */
export interface LargeBody {
  bytes: Uint8Array;
  contentType: string | undefined;
  expected: ExpectedOfFacts;
}

/** `malformed`: why it is no YAML. */
export type TextOutcome = { json: string; repeated: string[] } | { malformed: string };

/** What the rules of a custom object say. */
export interface JudgeOutcome {
  causes: Cause[];
}

/** What is wrong with the types in a policy's expressions. */
export interface TypeOutcome {
  warnings: ExpressionWarning[];
}

/**
 * What the thread is given: a text of YAML, a body, an object with its rules, one to validate, a request with a policy, or a
 * policy whose types are to be checked.
 */
export type Task = string | LargeBody | JudgeTask | PolicyTask | TypeCheck | ValidateTask;

export type TaskOutcome = TextOutcome | BodyOutcome | JudgeOutcome | PolicyOutcome | TypeOutcome;

/** `refused`: an ApiError. */
export type BodyOutcome =
  | { json: string; problems: string[] }
  | { refused: { reason: Reason; message: string; details?: Details } };
