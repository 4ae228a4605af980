import { parentPort } from 'node:worker_threads';
import { parseYaml } from '../../shared/api/http/yaml.ts';
import { decodeBody } from '../../shared/api/write/decode.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import { mostCauses } from '../../shared/errors/common.ts';
import type { Kind } from '../../shared/kinds/kind.ts';
import { goSchema } from '../../shared/kinds/schema/goSchema.ts';
import type { ValidateTask } from '../../shared/kinds/schema/objectSchema.ts';
import type { BodyOutcome, JudgeOutcome, LargeBody, Task, TaskOutcome, TextOutcome } from './tasks.ts';

/**
 * The thread in which large texts and bodies are parsed: one comes, and JSON goes back, which the other side parses
 * fast. Rules that take long are judged in another one of its kind.
 */
parentPort!.on('message', async (task: Task) => parentPort!.postMessage(await outcomeOf(task)));

async function outcomeOf(task: Task): Promise<TaskOutcome> {
  if (typeof task === 'string') return parsed(task);
  if ('bytes' in task) return decoded(task);
  if ('work' in task) return (await import('../../shared/admission/policy/elsewhere.ts')).policyOutcome(task);
  if ('group' in task) return validated(task);
  if ('policy' in task) {
    const { warningsAbout } = await import(
      '../../shared/controllers/validatingadmissionpolicystatus/plan.ts'
    );
    return { warnings: warningsAbout(task) };
  }
  const { judged } = await import('../../shared/kinds/custom/validate/index.ts');
  return { causes: judged(task) };
}

async function validated({ group, version, kind, object, old }: ValidateTask): Promise<JudgeOutcome> {
  const { kinds } = await import('../../shared/kinds/registry.ts');
  const { offByDefault } = await import('../../shared/kinds/features.ts');
  const own = (each: Kind) => each.kind === kind && each.group === group && each.version === version;
  const found = [...kinds, ...offByDefault].find(own);
  if (!found?.validate) throw new Error(`nothing validates a ${kind} of ${group}/${version}`);
  return { causes: found.validate(object, old).slice(0, mostCauses) };
}

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
