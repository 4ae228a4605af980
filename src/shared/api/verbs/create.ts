import { isComing } from '../../meta/soon.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import type { Call } from '../request.ts';
import { readBody } from '../write/body.ts';
import { createObject } from '../write/create.ts';
import { decodeBody, settleProblems } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';

/** POST to a collection. */
export async function create(call: Call): Promise<ApiResponse> {
  const { deps, served, request, query } = call;
  const options = writeOptions(query, 'CreateOptions');
  const expected = { ...served.kind, apiVersion: served.apiVersion };
  const body = readBody(request);
  const bytes = isComing(body) ? await body : body;
  const decoded = await decodeBody(bytes, request.header('content-type'), expected, deps);
  const warnings = settleProblems(decoded.problems, options.fieldValidation, expected);
  let pause = deps.turn?.();
  if (pause) await pause;
  const outcome = await createObject(call, decoded.object, options.dryRun, warnings);
  pause = deps.turn?.();
  if (pause) await pause;
  return respondOutcome(call, outcome, 201, warnings);
}
