import type { Clock } from '../clock/clock.ts';
import { ApiError } from '../errors/apiError.ts';
import type { Pod } from '../kinds/schema/types.ts';
import { type BackOffPolicy, kubeletBackOff } from '../podspec/backOff.ts';
import { createChangeFeed } from '../podspec/changeFeed.ts';
import { hasReferences } from '../podspec/env.ts';
import type { PodRef, PodRuntime, RuntimeEventSink, RuntimeNode } from '../ports/cloud.ts';
import type { PodStatistics } from '../ports/statistics.ts';
import { appendLine, readLogs } from './fakeLogs.ts';
import { fakeNode } from './fakeNode.ts';
import { type Behaviour, exit, type Life, step } from './podLife.ts';
import { type FakeContainer, type FakePod, newContainers, observation, slimSpec } from './podState.ts';
import { createSchedule } from './schedule.ts';
import { fakeStatistics } from './statistics.ts';

export interface FakePodsOptions {
  clock: Clock;
  /** From ensure() to running and ready; 0 (default) is the next tick. */
  startDelayMs?: number;
  nodes?: RuntimeNode[];
  backOff?: BackOffPolicy;
  events?: RuntimeEventSink;
  /**
   * Returns how containers of a Pod behave that no script speaks of. They run until they are stopped unless it says
   * otherwise.
   */
  usual?(pod: Pod): Behaviour;
  /** From then on nothing changes any more, and nothing waits. */
  signal?: AbortSignal;
}

/** A PodRuntime without processes: Pods are records that change by the injected clock. Scripted for tests. */
export interface FakePods extends PodRuntime {
  /** Says how every container of an image behaves from its next start on; undefined restores the default. */
  setImage(image: string, behaviour: Behaviour | undefined): void;
  /** The same for one Pod by `namespace/name`; it goes before the image's. */
  setPod(namespacedName: string, behaviour: Behaviour | undefined): void;
  /** The next `times` calls of ensure() throw this. */
  failNextEnsure(error?: Error, times?: number): void;
  /** Ends a running container as if the program had. Throws when it does not run. */
  crash(ref: PodRef, container: string, exitCode: number, reason?: string): void;
  setReady(ref: PodRef, container: string, ready: boolean): void;
  print(ref: PodRef, container: string, text: string): void;
  /** Is what the Pods use, as their annotations say. */
  readonly statistics: PodStatistics;
  /** Says how often each call was made, for tests of its callers. */
  readonly calls: { ensure: number; stop: number; remove: number };
}

const runs: Behaviour = {};

export function createFakePods(options: FakePodsOptions): FakePods {
  const { clock, startDelayMs = 0, nodes = [fakeNode()], events } = options;
  const pods = new Map<string, FakePod>();
  const images = new Map<string, Behaviour>();
  const scripted = new Map<string, Behaviour>();
  const feed = createChangeFeed();
  const watchers = new Map<string, Set<() => void>>();
  const failures: Error[] = [];
  const address = addresses();
  const calls = { ensure: 0, stop: 0, remove: 0 };
  const later = createSchedule(clock, options.signal);

  const changed = (ref: PodRef) => {
    feed.say(ref);
    for (const wake of watchers.get(ref.uid) ?? []) wake();
  };
  const life: Life = {
    clock,
    later,
    changed,
    backOff: options.backOff ?? kubeletBackOff,
    behaviourOf: (pod, c) =>
      scripted.get(`${pod.ref.namespace}/${pod.ref.name}`) ?? images.get(c.spec.image ?? '') ?? pod.usual,
    print: (_pod, c, text) => appendLine(c, clock.now(), text),
    event: (pod, type, reason, message, c) =>
      events?.(pod.ref, {
        type,
        reason,
        message,
        ...(c && { fieldPath: `spec.${c.init ? 'initContainers' : 'containers'}{${c.spec.name}}` }),
      }),
  };
  const find = (ref: PodRef, container: string): [FakePod, FakeContainer] => {
    const pod = pods.get(ref.uid);
    const c = pod?.containers.find(({ spec }) => spec.name === container);
    if (!pod || !c) throw new Error(`no container ${container} in ${ref.namespace}/${ref.name}`);
    return [pod, c];
  };

  return {
    calls,
    nodes: () => nodes,
    statistics: fakeStatistics({ clock, running: (ref) => runningIn(pods.get(ref.uid)) }),
    async ensure(ref, pod, sources) {
      calls.ensure++;
      const failure = failures.shift();
      if (failure) throw failure;
      const { spec } = pod;
      if (pods.has(ref.uid) || !spec) return;
      const slim = slimSpec(spec);
      const hostIP = nodes[0]?.addresses.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1';
      const fresh: FakePod = {
        ref,
        spec: slim,
        ip: spec.hostNetwork ? hostIP : address.take(),
        hostIP,
        startedAt: clock.now(),
        containers: newContainers(slim),
        usual: options.usual?.(pod) ?? runs,
        stopping: false,
        stopped: false,
        killAt: Number.POSITIVE_INFINITY,
      };
      if ([...slim.containers, ...(slim.initContainers ?? [])].some(hasReferences))
        fresh.context = { ref, pod, sources, podIP: fresh.ip, hostIP, allocatable: nodes[0]?.capacity ?? {} };
      pods.set(ref.uid, fresh);
      changed(ref);
      later(startDelayMs, () => step(life, fresh));
    },
    async observe(ref) {
      const pod = pods.get(ref.uid);
      return pod && observation(pod);
    },
    changes: (signal) =>
      feed.listen(
        Array.from(pods.values(), ({ ref }) => ref),
        signal,
      ),
    async stop(ref, graceSeconds) {
      calls.stop++;
      const pod = pods.get(ref.uid);
      if (pod && !pod.stopped) stopPod(life, pod, graceSeconds * 1000);
    },
    async remove(ref) {
      calls.remove++;
      const pod = pods.get(ref.uid);
      if (!pod) return;
      pod.stopping = pod.stopped = true;
      pods.delete(ref.uid);
      if (pod.ip !== pod.hostIP) address.free(pod.ip);
      changed(ref);
    },
    list: async () => Array.from(pods.values(), ({ ref }) => ref),
    logs: (ref, container, logOptions) =>
      readLogs(
        { find: () => pods.get(ref.uid), change: (signal) => nextChange(watchers, ref.uid, signal) },
        ref.name,
        container,
        logOptions,
      ),

    setImage: (image, behaviour) => set(images, image, behaviour),
    setPod: (name, behaviour) => set(scripted, name, behaviour),
    failNextEnsure(error = new ApiError('ServiceUnavailable', 'scripted failure'), times = 1) {
      for (let i = 0; i < times; i++) failures.push(error);
    },
    crash(ref, container, exitCode, reason) {
      const [pod, c] = find(ref, container);
      if (c.state !== 'running') throw new Error(`container ${container} of ${ref.name} does not run`);
      exit(life, pod, c, exitCode, reason);
    },
    setReady(ref, container, ready) {
      find(ref, container)[1].ready = ready;
      changed(ref);
    },
    print(ref, container, text) {
      appendLine(find(ref, container)[1], clock.now(), text);
      changed(ref);
    },
  };
}

const runningIn = (pod: FakePod | undefined) =>
  (pod?.containers ?? []).filter(({ state }) => state === 'running');

/** TERM now, KILL after the grace; a second call may only bring the KILL forward. */
function stopPod(life: Life, pod: FakePod, graceMs: number): void {
  const first = !pod.stopping;
  pod.stopping = true;
  const killAt = life.clock.now() + graceMs;
  const runningOnes = pod.containers.filter(({ state }) => state === 'running');
  if (!runningOnes.length) {
    pod.stopped = true;
    life.changed(pod.ref);
    return;
  }
  const end = (c: FakeContainer, code: number) => () => c.state === 'running' && exit(life, pod, c, code);
  if (killAt < pod.killAt) {
    pod.killAt = killAt;
    for (const c of runningOnes) life.later(graceMs, end(c, 137));
  }
  if (!first) return;
  for (const c of runningOnes) {
    life.event(pod, 'Normal', 'Killing', `Stopping container ${c.spec.name}`, c);
    const { onTerm = 0, termMs = 0 } = life.behaviourOf(pod, c);
    if (onTerm !== 'ignored') life.later(termMs, end(c, onTerm));
  }
}

function nextChange(watchers: Map<string, Set<() => void>>, uid: string, signal?: AbortSignal) {
  return new Promise<void>((resolve) => {
    const set = watchers.get(uid) ?? new Set();
    watchers.set(uid, set);
    const done = () => {
      set.delete(done);
      if (!set.size) watchers.delete(uid);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    set.add(done);
    signal?.addEventListener('abort', done);
  });
}

function set<V>(map: Map<string, V>, key: string, value: V | undefined) {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** 10.128.0.0/9, lowest free address first seen, freed ones last. */
function addresses() {
  let next = 1;
  const free: string[] = [];
  return {
    take(): string {
      if (next >= 2 ** 23) return free.shift() ?? '';
      const n = next++;
      return `10.${128 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
    },
    free: (ip: string) => free.push(ip),
  };
}
