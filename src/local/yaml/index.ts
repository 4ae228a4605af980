import { Worker } from 'node:worker_threads';
import type {
  JudgePolicy,
  PolicyOutcome,
  PolicyTask,
  PolicyWork,
} from '../../shared/admission/policy/tasks.ts';
import { Unevaluated } from '../../shared/admission/policy/unevaluated.ts';
import { MalformedYaml, type ParsedYaml, parseYaml } from '../../shared/api/http/yaml.ts';
import { type Decoded, type DecodeLarge, type Elsewhere, mediaType } from '../../shared/api/write/decode.ts';
import { Undecided } from '../../shared/cel/library/kubernetes/authorizer.ts';
import { inMoment } from '../../shared/cel/values/steps.ts';
import type { Environment } from '../../shared/controllers/environment.ts';
import { warningsAbout } from '../../shared/controllers/validatingadmissionpolicystatus/plan.ts';
import { ApiError, type Cause } from '../../shared/errors/apiError.ts';
import { badRequest } from '../../shared/errors/common.ts';
import type { Judge, Validate } from '../../shared/kinds/schema/objectSchema.ts';
import type { ExpressionWarning } from '../../shared/kinds/schema/types.ts';
import { parseExactJson } from '../../shared/meta/integers.ts';
import type { AnyObject } from '../../shared/meta/object.ts';
import type { Soon } from '../../shared/meta/soon.ts';
import { moduleFile } from '../drivers/moduleFile.ts';
import type { BodyOutcome, JudgeOutcome, Task, TextOutcome, TypeOutcome } from './tasks.ts';
import { Thread } from './thread.ts';
import { type Place, Turns } from './turns.ts';

export interface BodyParser extends Required<Omit<Elsewhere, 'turn'>> {
  judge(cluster: string): Judge;
  validate(cluster: string): Validate;
  judgePolicy: JudgePolicy;
  checkTypes: NonNullable<Environment['checkTypes']>;
  close(): Promise<void>;
}

/** What is shorter is parsed at once: it takes some milliseconds. */
const shortText = 16 * 1024;
/** As much as any text of YAML needs on a busy machine. */
const defaultBudgetMs = 10_000;
/** What JSON and protobuf take grows with their length alone: they have as long as a real server gives a request. */
const bodyBudgetMs = 60_000;
/** What rules may cost is a second, or some on a machine at work; others wait for it. */
export const judgingMs = 20_000;

/**
 * Parses large YAML texts, decodes large bodies and judges objects in a thread of its own, one after the other, so that nobody else's request waits for
 * them. Logical clusters take turns, and in each of them objects of each definition, and of each policy. The thread starts with the first of them, has a budget of memory, and a text that takes too long ends with it.
 */
export function openBodyParser(budgetMs = defaultBudgetMs, longestMs = bodyBudgetMs): BodyParser {
  const turns = new Turns();
  const thread = new Thread(
    () =>
      new Worker(moduleFile('yamlThread', import.meta.url), {
        env: {},
        resourceLimits: { maxOldGenerationSizeMb: 512 },
      }),
  );

  const inTurn = <Outcome>(task: Task, ms = budgetMs) =>
    turns.take({}, () => thread.ask<Outcome>(task, ms, tooLong));
  const judgedInTurn = <Outcome>(task: Task, place: Place) =>
    turns.take(place, () => thread.ask<Outcome>(task, budgetMs, 'it takes too long'));

  async function parseInThread(text: string): Promise<ParsedYaml> {
    const outcome = await inTurn<TextOutcome>(text);
    if ('unfinished' in outcome) throw new MalformedYaml(`yaml: ${outcome.unfinished}`);
    if ('malformed' in outcome) throw new MalformedYaml(outcome.malformed);
    return { value: parseExactJson(outcome.json), repeated: outcome.repeated };
  }

  const decodeLarge: DecodeLarge = async (bytes, contentType, expected): Promise<Decoded> => {
    const isYaml = mediaType(contentType) === 'application/yaml';
    const ms = isYaml ? budgetMs : longestMs;
    const outcome = await inTurn<BodyOutcome>({ bytes, contentType, expected }, ms);
    // Nobody but this machine is to blame.
    if ('unfinished' in outcome && outcome.unfinished === tooLong && !isYaml)
      throw new ApiError('Timeout', 'request did not complete within the allotted timeout');
    if ('unfinished' in outcome)
      throw badRequest(
        `the object provided is unrecognized (must be of type ${expected.kind}): ${outcome.unfinished}`,
      );
    if ('refused' in outcome) {
      const { reason, message, details } = outcome.refused;
      throw new ApiError(reason, message, details && { details });
    }
    const object = parseExactJson(outcome.json) as AnyObject;
    // What follows is long again, and asks for turns only from there on.
    await new Promise((resolve) => setImmediate(resolve));
    return { object, problems: outcome.problems };
  };

  const judge =
    (cluster: string): Judge =>
    async (task) =>
      causes(task, { cluster, lane: task.schema });

  const validate =
    (cluster: string): Validate =>
    async (task) =>
      causes(task, { cluster, lane: `${task.group}/${task.object.metadata.name}` });

  async function causes(task: Task, place: Place): Promise<Cause[]> {
    const outcome = await judgedInTurn<JudgeOutcome>(task, place);
    if ('unfinished' in outcome)
      throw new ApiError('Timeout', `the object was not judged: ${outcome.unfinished}`);
    return outcome.causes;
  }

  const judgePolicy: JudgePolicy = async <W extends keyof PolicyWork>(
    task: PolicyTask<W>,
    cluster: string,
    lane: string,
  ) => {
    const found = await judgedInTurn<PolicyOutcome<W>>(task, { cluster, lane });
    if ('unfinished' in found) throw new Unevaluated(`not evaluated: ${found.unfinished}`);
    if ('undecided' in found) throw new Undecided(found.undecided);
    return found.outcome;
  };

  const checkTypes: BodyParser['checkTypes'] = (task, cluster) => {
    const longer = async () => {
      const lane = `types/${task.policy.metadata.name}`;
      const found = await judgedInTurn<TypeOutcome>(task, { cluster, lane });
      // Nothing is known of what takes so long, and it would take as long again.
      return 'unfinished' in found ? [] : found.warnings;
    };
    return inMoment<Soon<ExpressionWarning[]>>(() => warningsAbout(task), longer);
  };

  return {
    judge,
    validate,
    judgePolicy,
    checkTypes,
    parseYaml: async (text) => (text.length <= shortText ? parseYaml(text) : parseInThread(text)),
    decodeLarge,
    close: () => thread.close(),
  };
}

const tooLong = 'parsing takes too long';
