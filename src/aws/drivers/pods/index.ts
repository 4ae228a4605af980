import type { Task } from '@aws-sdk/client-ecs';
import { isReason } from '../../../shared/errors/apiError.ts';
import { badRequest } from '../../../shared/errors/common.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import { kubeletBackOff } from '../../../shared/podspec/backOff.ts';
import { ConfigError } from '../../../shared/podspec/context.ts';
import { logTarget } from '../../../shared/podspec/logTarget.ts';
import type {
  LogOptions,
  PodObservation,
  PodRef,
  PodRuntime,
  PodSources,
  Surveyed,
} from '../../../shared/ports/cloud.ts';
import { openSender } from '../sender.ts';
import { apiHostOf } from './apiAccess.ts';
import { changesOf } from './changes.ts';
import { viewsOf } from './context.ts';
import { blueprintOf } from './definition.ts';
import { eventsOf, probeEvents } from './events.ts';
import { openFinder, tasksNamedBy } from './find.ts';
import { type Attempt, refOfTask, taskId, taskIn } from './identity.ts';
import { withLastWords } from './lastWords.ts';
import { openLauncher } from './launch.ts';
import { readStream, streamOf } from './logs.ts';
import { virtualNodes } from './nodes.ts';
import { type Look, observationOf } from './observation.ts';
import type { FargateOptions } from './options.ts';
import { patienceMs } from './patience.ts';
import { hasOne, planPod } from './plan.ts';
import { runTaskRequest } from './runTask.ts';
import { linksLeftOut } from './serviceLinks.ts';
import { addressOf, byAge, isStopped, openTasks, wantsToRun } from './tasks.ts';
import { underWayMs } from './underWay.ts';
import { ignored, leftOut, unsupported } from './unsupported.ts';
import { removeUnused } from './unused.ts';
import { SoonThere } from './volumes.ts';

const configRetryMs = 5_000;
const pollMs = 5_000;

/**
 * Pods as tasks on Fargate, one task for each start of a Pod. What there is stands in ECS and in the Pod's status;
 * nothing is remembered here but a look that ensure() hands to the observe() after it, so that the two cost one.
 */
export function openFargatePods(options: FargateOptions): PodRuntime {
  const { clock, deployment, events, log, backOff = kubeletBackOff } = options;
  const send = openSender(options);
  const tasks = openTasks(options.ecs, options.cluster, send, clock);
  const { launch } = openLauncher(tasks, clock);
  const tasksOf = openFinder({ tasks, clock, backOff });
  const nodes = virtualNodes(options);
  const looks = new Map<string, Look>();
  /** The tasks of each Pod that were told to stop here. */
  const told = new Map<string, string[]>();

  const find = (ref: PodRef, pod?: Pod) => tasksOf(ref, pod, told.get(ref.uid) ?? []);

  async function lookAt(ref: PodRef, pod: Pod): Promise<Look> {
    const found = await find(ref, pod);
    return { tasks: found, step: planPod({ pod, tasks: found, now: clock.now(), backOff }) };
  }

  async function start(ref: PodRef, pod: Pod, attempt: Attempt, sources: PodSources): Promise<Partial<Look>> {
    const views = viewsOf(ref, pod, sources, options);
    const blueprint = await blueprintOf(views, options);
    const request = runTaskRequest(ref, pod, attempt, blueprint, options);
    const isWanted = async () => (await sources.isWanted?.()) ?? true;
    const answer = await launch(request, blueprint.definition, isWanted);
    if (answer === 'unwanted') return {};
    if ('refusal' in answer) {
      const { reason, message, retryMs } = answer.refusal;
      log.warn('ECS started no task', { ...ref, reason, error: message });
      return { refusal: { ...answer.refusal, retryMs: patienceMs(pod, clock.now(), retryMs) } };
    }
    const ignoredFields = attempt.number === 0 ? ignored(pod) : [];
    if (ignoredFields.length)
      events?.(ref, {
        type: 'Warning',
        reason: 'FieldsIgnored',
        message: `Fargate does without: ${ignoredFields.join(', ')}`,
      });
    if (attempt.number === 0) for (const event of leftOut(pod, blueprint.crowdedOut)) events?.(ref, event);
    const links = answer.isNewTemplate && (await linksLeftOut(pod, ref, sources));
    if (links) events?.(ref, { type: 'Normal', reason: 'ServiceLinksOmitted', message: links });
    return { tasks: [answer.task], ...(isStopped(answer.task) && { lookAgainMs: 1 }) };
  }

  async function act(ref: PodRef, pod: Pod, look: Look, sources: PodSources): Promise<Look> {
    const { step } = look;
    if (step.do === 'stop') {
      for (const { taskArn = '' } of step.tasks) await tasks.stop(taskArn, step.why);
      const said = step.failed
        ? probeEvents(pod, step.failed, step.why)
        : [{ type: 'Normal' as const, reason: 'Killing', message: step.why }];
      for (const event of said) events?.(ref, event);
    }
    if (step.do !== 'start') return look;
    try {
      const { tasks: started = [], ...rest } = await start(ref, pod, step.attempt, sources);
      return { ...look, ...rest, tasks: [...look.tasks, ...started] };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const { reason, message } = error;
      const retryMs =
        error instanceof SoonThere ? error.retryMs : patienceMs(pod, clock.now(), configRetryMs);
      return { ...look, waiting: { reason, message, retryMs } };
    }
  }

  const whyUnsupported = (ref: PodRef, pod: Pod) => unsupported(pod, apiHostOf(ref, options) !== undefined);

  function shown(ref: PodRef, pod: Pod, look: Look): PodObservation {
    const ending = told.has(ref.uid) || pod.metadata.deletionTimestamp !== undefined;
    const seen = observationOf(ref, pod, look, clock.now(), ending);
    if (!seen.stopped || whyUnsupported(ref, pod)) return seen;
    const startingMs = underWayMs({ pod, tasks: look.tasks, now: clock.now(), backOff });
    return startingMs > 0 ? { ...seen, stopped: false, lookAgainMs: startingMs } : seen;
  }

  async function observe(ref: PodRef, pod?: Pod): Promise<PodObservation | undefined> {
    if (!pod) return observeTask((await find(ref)).find(wantsToRun));
    const look = looks.get(ref.uid) ?? (await lookAt(ref, pod));
    looks.delete(ref.uid);
    const seen = await withLastWords(pod, shown(ref, pod, look), tailOf);
    const isStopping = look.tasks.some((task) => !isStopped(task) && !wantsToRun(task));
    for (const event of events ? eventsOf(ref, pod, seen, isStopping) : []) events?.(ref, event);
    return seen;
  }

  const reader = { logs: options.logs, group: options.logGroup, clock, send };

  async function tailOf(container: string, task: string, tailLines: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    const stream = readStream(reader, streamOf(container, task), { tailLines }, async () => true);
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts);
  }

  async function* logs(ref: PodRef, container: string, wanted: LogOptions, pod?: Pod) {
    if (!pod) throw badRequest(`pod "${ref.name}" is not running here`);
    const seen = shown(ref, pod, await lookAt(ref, pod));
    const statuses = [...seen.initContainerStatuses, ...seen.containerStatuses];
    const task = taskIn(logTarget(statuses, container, ref.name, Boolean(wanted.previous)));
    const ended = async () => {
      const [now] = await tasks.describe([task]);
      const c = now?.containers?.find(({ name }) => name === container);
      return !c || c.lastStatus === 'STOPPED';
    };
    yield* readStream(reader, streamOf(container, task), wanted, ended);
  }

  /** Lists the Pods that run. Where an endpoint without client tokens made two tasks of a Pod, the younger goes. */
  async function list(): Promise<PodRef[]> {
    const refs = new Map<string, PodRef>();
    for (const task of await tasks.describe(await tasks.running())) {
      const ref = wantsToRun(task) && refOfTask(deployment, task);
      if (!ref) continue;
      if (refs.has(ref.uid)) await tasks.stop(task.taskArn ?? '', hasOne);
      refs.set(ref.uid, ref);
    }
    return [...refs.values()];
  }

  /** One call for a hundred tasks. Whether more runs of a Pod than its status names, only a look at it tells. */
  async function survey(all: readonly Surveyed[]): Promise<Surveyed[]> {
    const named = new Map(all.map(({ ref, pod }) => [ref.uid, tasksNamedBy(pod)]));
    const described = await tasks
      .describe([...new Set([...named.values()].flat())])
      .catch((error: unknown) => {
        if (isReason(error, 'BadRequest')) return undefined;
        throw error;
      });
    // A status that somebody has written names what is no task: each Pod is then looked at by itself.
    if (!described) return all.map(({ ref, pod }) => ({ ref, pod }));
    const byId = new Map(described.map((task) => [taskId(task), task]));
    return all.map(({ ref, pod }) => {
      const found = (named.get(ref.uid) ?? []).flatMap((id) => byId.get(id) ?? []).sort(byAge);
      const step = planPod({ pod, tasks: found, now: clock.now(), backOff });
      if (step.do === 'start' || step.do === 'stop') return { ref, pod };
      return { ref, pod, seen: shown(ref, pod, { tasks: found, step }) };
    });
  }

  return {
    nodes: () => nodes,
    survey,
    async tidy() {
      const both = await Promise.allSettled([removeUnused(tasks, deployment), options.volumeParts?.tidy()]);
      for (const each of both) if (each.status === 'rejected') throw each.reason;
    },
    async ensure(ref, pod, sources) {
      told.delete(ref.uid);
      const message = whyUnsupported(ref, pod);
      looks.set(
        ref.uid,
        message
          ? { tasks: [], step: { do: 'wait' }, waiting: { reason: 'CreateContainerConfigError', message } }
          : await act(ref, pod, await lookAt(ref, pod), sources),
      );
    },
    observe,
    changes: (signal) => changesOf(tasks, deployment, clock, options.pollMs ?? pollMs, signal),
    async stop(ref) {
      const ids = told.get(ref.uid) ?? [];
      told.set(ref.uid, ids);
      looks.delete(ref.uid);
      for (const taskArn of await tasks.running(ref.uid)) {
        ids.push(taskId({ taskArn }));
        await tasks.stop(taskArn, 'the Pod is being stopped');
      }
    },
    // Stopped tasks go by themselves within the hour, logs with the retention of their group.
    async remove(ref) {
      told.delete(ref.uid);
      looks.delete(ref.uid);
    },
    list,
    logs,
  };
}

/** Returns what can be said without the object: whether it runs. */
const observeTask = (task: Task | undefined): PodObservation | undefined => {
  if (!task) return undefined;
  const podIP = addressOf(task);
  return { ...(podIP && { podIP }), initContainerStatuses: [], containerStatuses: [], stopped: false };
};
