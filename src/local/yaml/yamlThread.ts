import { parentPort } from 'node:worker_threads';
import { parseYaml } from '../../shared/api/http/yaml.ts';
import { decodeBody } from '../../shared/api/write/decode.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import { goSchema } from '../../shared/kinds/schema/goSchema.ts';
import type { BodyOutcome, LargeBody, TextOutcome } from './tasks.ts';

/**
 * The thread in which large texts and bodies are parsed: one comes, and JSON goes back, which the other side parses
 * fast.
 */
parentPort!.on('message', async (task: string | LargeBody) =>
  parentPort!.postMessage(typeof task === 'string' ? parsed(task) : await decoded(task)),
);

function parsed(text: string): TextOutcome {
  try {
    const { value, repeated } = parseYaml(text);
    return { json: JSON.stringify(value), repeated };
  } catch (error) {
    return { malformed: error instanceof Error ? error.message : String(error) };
  }
}

async function decoded({ bytes, contentType, expected }: LargeBody): Promise<BodyOutcome> {
  const schema = goSchema(expected.goType);
  try {
    const { object, problems } = await decodeBody(bytes, contentType, { ...expected, schema });
    return { json: JSON.stringify(object), problems };
  } catch (error) {
    // Any other error ends the thread and is passed to all callers that wait.
    if (!(error instanceof ApiError)) throw error;
    const { reason, message, details } = error;
    return { refused: { reason, message, ...(details && { details }) } };
  }
}
