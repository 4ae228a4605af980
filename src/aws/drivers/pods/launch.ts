import type { RegisterTaskDefinitionCommandInput, RunTaskCommandInput, Task } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../shared/clock/clock.ts';
import { ApiError, isReason } from '../../../shared/errors/apiError.ts';
import { tokenBucket } from '../bucket.ts';
import { type Refusal, refusalIn, refusalOf } from './refusals.ts';
import type { Tasks } from './tasks.ts';

/** The account's quota is 20 and one a second, for all that register. */
const quota = { burst: 15, everyMs: 1_000, mostMs: 10_000 };

export interface Launcher {
  /**
   * Starts the task of the request, or finds the one that an earlier call started; or says why there is none.
   * `isNewTemplate`: the definition had to be registered. `isWanted` is asked right before a task is started: by then the Pod
   * may be on its way out, and whoever ends it waits for a start only so long (underWay.ts).
   */
  launch(
    request: RunTaskCommandInput,
    definition: RegisterTaskDefinitionCommandInput,
    isWanted: () => Promise<boolean>,
  ): Promise<{ task: Task; isNewTemplate: boolean } | { refusal: Refusal } | 'unwanted'>;
}

/**
 * Runs a task and registers its definition only when ECS does not know it: of a template's Pods the first one pays
 * for that, and no call is spent on asking.
 */
export function openLauncher(tasks: Tasks, clock: Clock): Launcher {
  const turn = tokenBucket(clock, quota);
  const registering = new Map<string, Promise<void>>();

  async function register(definition: RegisterTaskDefinitionCommandInput): Promise<void> {
    const family = definition.family ?? '';
    const begun = registering.get(family) ?? inTurn(definition);
    registering.set(family, begun);
    try {
      await begun;
    } finally {
      registering.delete(family);
    }
  }

  async function inTurn(definition: RegisterTaskDefinitionCommandInput): Promise<void> {
    if (!(await turn()))
      throw new ApiError('TooManyRequests', 'RegisterTaskDefinition: throttled here, ECS takes one a second');
    // Others start Pods of the template at the same time, and one of them registers it.
    await tasks.register(definition).catch((error: unknown) => {
      if (!isBeingRegistered(error)) throw error;
    });
  }

  return {
    async launch(request, definition, isWanted) {
      let isNewTemplate = false;
      let unknown: unknown;
      const asked = async () => {
        unknown = undefined;
        return isWanted().catch((error: unknown) => {
          unknown = error;
          throw error;
        });
      };
      try {
        const answer = await tasks.run(request, asked).catch(async (error: unknown) => {
          if (unknown || !isUnknownDefinition(error)) throw error;
          await register(definition);
          isNewTemplate = true;
          return tasks.run(request, asked);
        });
        if (!answer) return 'unwanted';
        const task = answer.tasks?.[0];
        return task ? { task, isNewTemplate } : { refusal: refusalIn(answer.failures) };
      } catch (error) {
        // No word of ECS.
        if (unknown) throw unknown;
        const [task] = await tasks.describe(tasksOfToken(error));
        return task ? { task, isNewTemplate } : { refusal: refusalOf(error) };
      }
    },
  };
}

const isUnknownDefinition = (error: unknown): boolean =>
  isReason(error, 'BadRequest', 'NotFound') &&
  /task ?definition.*(not found|inactive|does not exist)|(unable to (find|describe)|not find) task ?definition/i.test(
    error.message,
  );

const isBeingRegistered = (error: unknown): boolean =>
  isReason(error, 'BadRequest') && /concurrent attempts to create a new revision/i.test(error.message);

/** The same attempt was asked for with other parameters, since what the Pod refers to has changed: it has its task. */
const tasksOfToken = (error: unknown): string[] =>
  isReason(error, 'Conflict') ? ((error.cause as { resourceIds?: string[] }).resourceIds ?? []) : [];
