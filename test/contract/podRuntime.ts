import { afterEach, describe, expect, test } from '@jest/globals';
import { goDuration } from '../../src/shared/clock/goDuration.ts';
import type { Container, ContainerStatus, Pod, PodSpec } from '../../src/shared/kinds/schema/types.ts';
import type {
  LogOptions,
  PodObservation,
  PodRef,
  PodRuntime,
  PodSources,
} from '../../src/shared/ports/cloud.ts';
import { until as eventually } from '../support/until.ts';

/** A runtime under judgement, with programs that its suite needs. Back-off starts at `backOffMs`. */
export interface RuntimeSubject {
  runtime: PodRuntime;
  /** Lets time pass: a short real while, or a step of a manual clock. */
  pass(): Promise<void>;
  close(): Promise<void>;
}

/** Real time that a subject may take for anything; a manual clock makes its steps long before. */
const patienceMs = 60_000;
const steps = 1000;

/**
 * Images every subject has: `server` runs until TERM and exits 0, printing `hello` first; `stubborn` ignores TERM;
 * `crash` prints `oops` and exits 3; `done` prints `bye` and exits 0; `slow` exits 0 after half a second.
 */
export function podRuntimeContract(name: string, open: (backOffMs: number) => Promise<RuntimeSubject>): void {
  describe(`PodRuntime: ${name}`, () => {
    const subjects: RuntimeSubject[] = [];
    let serial = 0;

    async function start(backOffMs = 200) {
      const subject = await open(backOffMs);
      subjects.push(subject);
      const { runtime } = subject;
      const sources: PodSources = {
        configMap: async (name) =>
          name === 'there' ? { metadata: { name }, data: { key: 'value' } } : undefined,
        secret: async () => undefined,
        services: async () => [],
        token: async () => 'token',
        clusterCa: () => '',
      };
      const logs = (ref: PodRef, options: LogOptions = {}, container = 'c') =>
        textOf(() => runtime.logs(ref, container, options));
      return {
        ...subject,
        sources,
        async run(spec: Partial<PodSpec> | string, cluster = 'default'): Promise<PodRef> {
          const ref = refOf(serial++, cluster);
          await runtime.ensure(ref, podOf(spec), sources);
          return ref;
        },
        /** Waits until the Pod is as `fits` says, or fails with what it was last. */
        async until(ref: PodRef, fits: (seen: PodObservation) => unknown): Promise<PodObservation> {
          let seen: PodObservation | undefined;
          const end = performance.now() + patienceMs;
          for (let i = 0; i < steps || performance.now() < end; i++) {
            seen = await runtime.observe(ref);
            if (seen && fits(seen)) return seen;
            await subject.pass();
          }
          throw new Error(`never came to it: ${JSON.stringify(seen, null, 1)}`);
        },
        logs,
        /** Output arrives a moment after the program has printed it. */
        printed: (ref: PodRef, text: string) =>
          eventually(`it printed ${text}`, async () => (await logs(ref)) === text),
      };
    }

    afterEach(async () => {
      for (const { runtime, close, pass } of subjects.splice(0)) {
        for (const ref of await runtime.list()) {
          await runtime.stop(ref, 0);
          const removed = runtime.remove(ref);
          await pass();
          await removed;
        }
        await close();
      }
    });

    test('offers a Node with capacity and addresses', async () => {
      const { runtime } = await start();
      const [node] = runtime.nodes();
      expect(node?.capacity).toEqual(
        expect.objectContaining({
          cpu: expect.any(String),
          memory: expect.any(String),
          pods: expect.any(String),
          // Charts ask for it: a Node that has none is offered nothing of theirs.
          'ephemeral-storage': expect.stringMatching(/^[1-9]/),
        }),
      );
      expect(node?.addresses.some(({ type }) => type === 'InternalIP')).toBe(true);
    });

    test('a Pod becomes running and ready, with an address', async () => {
      const { run, until, runtime } = await start();
      const ref = await run('server');
      const seen = await until(ref, isReady);
      expect(seen.podIP).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(seen.startedAt).toBeGreaterThan(0);
      expect(seen.stopped).toBe(false);
      expect(main(seen)).toMatchObject({ name: 'c', image: 'server', restartCount: 0, started: true });
      expect(main(seen).state?.running?.startedAt).toMatch(/^\d{4}-.*Z$/);
      expect(main(seen).containerID).toMatch(/^[a-z]+:\/\/.+/);
      expect(await runtime.list()).toEqual([ref]);
    });

    test('ensure again changes nothing', async () => {
      const { run, until, runtime, sources, printed } = await start();
      const ref = await run('server');
      const before = await until(ref, isReady);
      await until(ref, async () => true);
      await runtime.ensure(ref, podOf('server'), sources);
      await runtime.ensure(ref, podOf('server'), sources);
      const after = await until(ref, isReady);
      expect(main(after)).toEqual(main(before));
      expect(await runtime.list()).toHaveLength(1);
      await until(ref, isReady);
      await printed(ref, 'hello\n');
    });

    test('Pods have addresses of their own, and the same names in two clusters are two Pods', async () => {
      const { runtime, sources, until } = await start();
      const [a, b] = ['one', 'two'].map((cluster) => ({ ...refOf(serial++, cluster), name: 'same' }));
      for (const ref of [a!, b!]) await runtime.ensure(ref, podOf('server'), sources);
      const [ipA, ipB] = [(await until(a!, isReady)).podIP, (await until(b!, isReady)).podIP];
      expect(ipA).not.toBe(ipB);
      await runtime.stop(a!, 5);
      await until(a!, ({ stopped }) => stopped);
      expect(isReady((await runtime.observe(b!))!)).toBe(true);
    });

    test('a container that crashes is started again, at once and then ever later', async () => {
      const backOffMs = 500;
      const { run, until } = await start(backOffMs);
      const ref = await run('crash');
      // Who starts slowly may find a back-off over before it is shown: each one that is shown has to be right.
      const inBackOff = async (restarts: number) => {
        const seen = main(
          await until(
            ref,
            (p) => main(p).state?.waiting?.reason === 'CrashLoopBackOff' && main(p).restartCount >= restarts,
          ),
        );
        expect(seen.restartCount).toBeGreaterThan(0);
        const delay = goDuration(backOffMs * 2 ** (seen.restartCount - 1));
        expect(seen.state?.waiting?.message).toBe(
          `back-off ${delay} restarting failed container=c pod=${ref.name}_${ref.namespace}(${ref.uid})`,
        );
        expect(seen.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
        expect(seen.ready).toBe(false);
        return seen.restartCount;
      };
      await inBackOff((await inBackOff(1)) + 1);
    });

    test.each([
      { image: 'done', policy: 'Never', exitCode: 0, reason: 'Completed' },
      { image: 'crash', policy: 'Never', exitCode: 3, reason: 'Error' },
      { image: 'done', policy: 'OnFailure', exitCode: 0, reason: 'Completed' },
    ])('$image under $policy ends as $reason', async ({ image, policy, exitCode, reason }) => {
      const { run, until, pass } = await start();
      const ref = await run({ containers: [{ name: 'c', image }], restartPolicy: policy as never });
      const seen = await until(ref, (p) => main(p).state?.terminated);
      expect(main(seen).state?.terminated).toMatchObject({ exitCode, reason });
      for (let i = 0; i < 3; i++) await pass();
      expect(main(await until(ref, () => true))).toMatchObject({ restartCount: 0, ready: false });
    });

    test('an unknown image is ErrImagePull, then ImagePullBackOff', async () => {
      const { run, until } = await start();
      const ref = await run('unknown:v9');
      await until(ref, (p) => main(p).state?.waiting?.reason === 'ErrImagePull');
      const seen = await until(ref, (p) => main(p).state?.waiting?.reason === 'ImagePullBackOff');
      expect(main(seen).state?.waiting?.message).toContain(
        'Back-off pulling image "unknown:v9": ErrImagePull: ',
      );
      await until(ref, (p) => main(p).state?.waiting?.reason === 'ErrImagePull');
      expect(main(seen)).toMatchObject({ ready: false, restartCount: 0, imageID: '' });
    });

    test('init containers end one after another before the others start', async () => {
      const { run, until } = await start();
      const ref = await run({
        initContainers: [
          { name: 'first', image: 'slow' },
          { name: 'second', image: 'slow' },
        ],
        containers: [{ name: 'c', image: 'server' }],
      });
      const begun = ({ state }: ContainerStatus) => !state?.waiting;
      const ended = ({ state }: ContainerStatus) => state?.terminated;
      const over = await until(ref, (p) => {
        const inOrder = [...p.initContainerStatuses, main(p)];
        const next = inOrder.findIndex((each) => !ended(each));
        const held = inOrder.slice(next + 1);
        expect(held.filter(begun)).toEqual([]);
        for (const { state } of held) expect(state?.waiting?.reason).toBe('PodInitializing');
        return isReady(p);
      });
      for (const status of over.initContainerStatuses)
        expect(status).toMatchObject({
          ready: true,
          state: { terminated: { exitCode: 0, reason: 'Completed' } },
        });
      const [first, second] = over.initContainerStatuses.map(({ state }) => state?.terminated);
      const starts = [second?.startedAt, main(over).state?.running?.startedAt];
      expect([first?.finishedAt, second?.finishedAt].map((end, i) => end! <= starts[i]!)).toEqual([
        true,
        true,
      ]);
    });

    test('a failing init container holds the Pod back, for good under Never', async () => {
      const { run, until, pass } = await start();
      const spec = {
        initContainers: [{ name: 'i', image: 'crash' }],
        containers: [{ name: 'c', image: 'server' }],
      };
      const again = await run(spec);
      const never = await run({ ...spec, restartPolicy: 'Never' });
      await until(again, (p) => (p.initContainerStatuses[0]?.restartCount ?? 0) > 0);
      const seen = await until(never, (p) => p.initContainerStatuses[0]?.state?.terminated);
      expect(seen.initContainerStatuses[0]?.state?.terminated?.exitCode).toBe(3);
      for (let i = 0; i < 3; i++) await pass();
      for (const ref of [again, never])
        expect(main(await until(ref, () => true)).state?.waiting?.reason).toBe('PodInitializing');
    });

    test('a sidecar runs beside the others and does not keep the Pod alone', async () => {
      const { run, until } = await start();
      const ref = await run({
        initContainers: [{ name: 'side', image: 'server', restartPolicy: 'Always' }],
        containers: [{ name: 'c', image: 'slow' }],
        restartPolicy: 'Never',
      });
      const over = await until(ref, (p) => {
        const [side] = p.initContainerStatuses;
        if (main(p).state?.running) {
          expect(side).toMatchObject({ ready: true, started: true });
          expect(side?.state?.running).toBeDefined();
        }
        return side?.state?.terminated;
      });
      expect(main(over).state?.terminated?.reason).toBe('Completed');
      const [beside, { startedAt, finishedAt }] = [
        over.initContainerStatuses[0]!.state!.terminated!,
        main(over).state!.terminated!,
      ];
      expect([beside.startedAt! <= startedAt!, finishedAt! <= beside.finishedAt!]).toEqual([true, true]);
    });

    test('what a container refers to and is not there keeps it waiting, saying what', async () => {
      const { run, until } = await start();
      const from = (name: string): Container => ({
        name: 'c',
        image: 'server',
        env: [{ name: 'X', valueFrom: { configMapKeyRef: { name, key: 'key' } } }],
      });
      const ref = await run({ containers: [from('missing')] });
      const seen = await until(ref, (p) => main(p).state?.waiting?.reason === 'CreateContainerConfigError');
      expect(main(seen).state?.waiting?.message).toBe('configmap "missing" not found');
      await until(await run({ containers: [from('there')] }), isReady);
    });

    test('stop ends it in order; nothing restarts, and remove forgets it', async () => {
      const { run, until, runtime, printed } = await start();
      const ref = await run('server');
      await until(ref, isReady);
      // It says so once it listens for TERM.
      await printed(ref, 'hello\n');
      await runtime.stop(ref, 30);
      const seen = await until(ref, ({ stopped }) => stopped);
      expect(main(seen)).toMatchObject({ ready: false, restartCount: 0 });
      expect(main(seen).state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
      await runtime.remove(ref);
      expect(await runtime.observe(ref)).toBeUndefined();
      expect(await runtime.list()).toEqual([]);
      await runtime.remove(ref);
      await runtime.stop(ref, 1);
    });

    test('a program that ignores TERM is killed after its grace, which may be shortened', async () => {
      const { run, until, runtime, printed } = await start();
      const ref = await run('stubborn');
      await until(ref, isReady);
      await printed(ref, 'hello\n');
      await runtime.stop(ref, 3000);
      await until(ref, () => true);
      expect((await runtime.observe(ref))?.stopped).toBe(false);
      await runtime.stop(ref, 5000);
      await runtime.stop(ref, 0);
      const seen = await until(ref, ({ stopped }) => stopped);
      expect(main(seen).state?.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
    });

    test('a Pod that never started, or crashes, stops too', async () => {
      const { run, until, runtime } = await start();
      const refs = [await run('unknown'), await run('crash'), await run('done')];
      await until(refs[1]!, (p) => main(p).state?.waiting?.reason === 'CrashLoopBackOff');
      for (const ref of refs) await runtime.stop(ref, 30);
      for (const ref of refs) await until(ref, ({ stopped }) => stopped);
      const counts = await Promise.all(
        refs.map(async (ref) => main((await runtime.observe(ref))!).restartCount),
      );
      await until(refs[1]!, () => true);
      expect(main((await runtime.observe(refs[1]!))!).restartCount).toBe(counts[1]);
    });

    test('changes says every known Pod once, then each that changed, and ends by its signal', async () => {
      const { run, until, runtime } = await start();
      const known = await run('server');
      await until(known, isReady);
      const over = new AbortController();
      const said: string[] = [];
      const listening = (async () => {
        for await (const { uid } of runtime.changes(over.signal)) said.push(uid);
      })();
      const heard = (ref: PodRef) => until(known, () => said.includes(ref.uid));
      await heard(known);
      const fresh = await run('server');
      await until(fresh, isReady);
      await heard(fresh);
      expect(said.filter((uid) => uid === known.uid)).toHaveLength(1);
      expect(said[0]).toBe(known.uid);
      await runtime.stop(fresh, 30);
      await until(fresh, ({ stopped }) => stopped);
      over.abort();
      await listening;
    });

    test('logs: what was printed, its tail, its bytes, its times, and only since', async () => {
      const { run, until, logs, printed } = await start();
      const ref = await run('server');
      await until(ref, isReady);
      await printed(ref, 'hello\n');
      expect(await logs(ref, { tailLines: 0 })).toBe('');
      expect(await logs(ref, { tailLines: 1 })).toBe('hello\n');
      expect(await logs(ref, { limitBytes: 2 })).toBe('he');
      expect(await logs(ref, { timestamps: true })).toMatch(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z hello\n$/,
      );
      expect(await logs(ref, { sinceMs: Date.UTC(2100, 0) })).toBe('');
    });

    test('logs follow until the container is gone', async () => {
      const { run, until, runtime, printed } = await start();
      const ref = await run('server');
      await until(ref, isReady);
      const followed = textOf(() => runtime.logs(ref, 'c', { follow: true }));
      await printed(ref, 'hello\n');
      await runtime.stop(ref, 30);
      await until(ref, ({ stopped }) => stopped);
      expect(await followed).toBe('hello\n');
    });

    test('logs follow ends by its signal', async () => {
      const { run, until, runtime } = await start();
      const ref = await run('server');
      await until(ref, isReady);
      const over = new AbortController();
      const followed = textOf(() => runtime.logs(ref, 'c', { follow: true, signal: over.signal }));
      await until(ref, isReady);
      over.abort();
      await followed;
    });

    test('logs of the previous run stay, those of the last one after its end', async () => {
      const { run, until, logs } = await start(60_000);
      const ref = await run('crash');
      await until(ref, (p) => main(p).state?.waiting?.reason === 'CrashLoopBackOff');
      expect(await logs(ref)).toBe('oops\n');
      expect(await logs(ref, { previous: true })).toBe('oops\n');
      expect(await logs(ref, { follow: true })).toBe('oops\n');
    });

    test('logs of what has none are refused in kubelet’s words', async () => {
      const { run, until, logs } = await start(60_000);
      const waiting = await run('unknown');
      await until(waiting, (p) => main(p).state?.waiting?.reason === 'ImagePullBackOff');
      await expect(logs(waiting)).rejects.toMatchObject({
        reason: 'BadRequest',
        message: `container "c" in pod "${waiting.name}" is waiting to start: trying and failing to pull image`,
      });
      const ref = await run('server');
      await until(ref, isReady);
      await expect(logs(ref, { previous: true })).rejects.toMatchObject({
        message: `previous terminated container "c" in pod "${ref.name}" not found`,
      });
      await expect(logs(ref, {}, 'other')).rejects.toMatchObject({ reason: 'BadRequest' });
      await expect(logs(refOf(9999, 'default'))).rejects.toMatchObject({ reason: 'BadRequest' });
    });
  });
}

const refOf = (i: number, cluster: string): PodRef => ({
  cluster,
  namespace: 'ns',
  name: `pod-${i}`,
  uid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
});

const podOf = (spec: Partial<PodSpec> | string): Pod => ({
  metadata: { name: 'p', namespace: 'ns' },
  spec: typeof spec === 'string' ? { containers: [{ name: 'c', image: spec }] } : { containers: [], ...spec },
});

const main = (seen: PodObservation): ContainerStatus => seen.containerStatuses[0]!;
const isReady = (seen: PodObservation) => seen.containerStatuses.every(({ ready }) => ready);

async function textOf(open: () => AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of open()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
