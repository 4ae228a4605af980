import type { ExpectedOfFacts } from '../../shared/api/write/decode.ts';
import type { Details } from '../../shared/errors/apiError.ts';
import type { Reason } from '../../shared/errors/reason.ts';

/** A body for the thread. */
export interface LargeBody {
  bytes: Uint8Array;
  contentType: string | undefined;
  expected: ExpectedOfFacts;
}

/** `malformed`: why it is no YAML. */
export type TextOutcome = { json: string; repeated: string[] } | { malformed: string };

/** `refused`: an ApiError. */
export type BodyOutcome =
  | { json: string; problems: string[] }
  | { refused: { reason: Reason; message: string; details?: Details } };
