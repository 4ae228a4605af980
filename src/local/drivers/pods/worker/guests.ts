import type { Duplex } from 'node:stream';
import { ApiError } from '../../../../shared/errors/apiError.ts';
import type { ExecOptions, PodProcess, PodStreams } from '../../../../shared/ports/cloud.ts';
import { atItself } from '../../podNetwork.ts';
import { connectTo as connected } from '../../sockets.ts';
import { type Run, type Sandbox, StartError } from '../sandbox.ts';
import type { PodWorker } from './podWorker.ts';
import { runNumberIn } from './records.ts';

const connectMs = 10_000;

/** The run of a container that somebody wants to be beside. Throws InternalError in kubelet's words. */
export function runningIn(worker: PodWorker | undefined, container: string): Run {
  const seen = worker?.observe();
  const statuses = [
    ...(seen?.initContainerStatuses ?? []),
    ...(seen?.containerStatuses ?? []),
    ...(seen?.ephemeralContainerStatuses ?? []),
  ];
  const status = statuses.find(({ name }) => name === container);
  if (!worker || !status?.state?.running || !status.containerID)
    throw new ApiError('InternalError', `container not found (${JSON.stringify(container)})`);
  return { ref: worker.ref, container, number: runNumberIn(status.containerID) };
}

/** Runs a command beside a run. Throws InternalError when it cannot start. */
export async function runBeside(sandbox: Sandbox, run: Run, options: ExecOptions): Promise<PodProcess> {
  try {
    return await sandbox.open(run, options);
  } catch (error) {
    throw error instanceof StartError ? new ApiError('InternalError', error.message) : error;
  }
}

/** Returns what a run prints from now on, line by line, until it ends. It has no standard input. */
export function attachTo(sandbox: Sandbox, run: Run, { stdout, stderr }: PodStreams): PodProcess {
  const over = new AbortController();
  const options = { follow: true, tailLines: 0, signal: over.signal };
  const [out, err] = (['stdout', 'stderr'] as const).map((stream) =>
    ended(sandbox.logs(run, options, stream)),
  ) as [Ending, Ending];
  const wanted = [...(stdout ? [out] : []), ...(stderr ? [err] : [])];
  return {
    ...(stdout && { stdout: out.output }),
    ...(stderr && { stderr: err.output }),
    exitCode: Promise.all(wanted.map(({ end }) => end)).then(() => 0),
    close: () => over.abort(),
  };
}

interface Ending {
  output: AsyncIterable<Uint8Array>;
  /** Resolves when it has been read to its end, or nobody reads it any more. */
  end: Promise<void>;
}

function ended(output: AsyncIterable<Uint8Array>): Ending {
  const { promise, resolve } = Promise.withResolvers<void>();
  const read = async function* () {
    try {
      yield* output;
    } finally {
      resolve();
    }
  };
  return { output: read(), end: promise };
}

/** A connection to a port of a Pod: at its address, or at the loopback address that is its own. */
export async function connectTo(
  sandbox: Sandbox,
  worker: PodWorker | undefined,
  port: number,
): Promise<Duplex> {
  const { podIP: host, containerStatuses = [] } = worker?.observe() ?? {};
  if (!worker || !host) throw new ApiError('InternalError', 'the Pod has no address');
  const place = (sandbox.reached ?? atItself)(host, port);
  return connected(place, { timeoutMs: connectMs, allowHalfOpen: true }).catch(
    async (error: NodeJS.ErrnoException) => {
      const running = containerStatuses.find(({ state }) => state?.running)?.name;
      // Only who listens on the Pod's loopback address alone is refused at its other one.
      const mayBeInside = error.code === 'ECONNREFUSED' && running;
      const inside =
        mayBeInside &&
        (await sandbox.loopback?.(runningIn(worker, mayBeInside), port).catch(() => undefined));
      if (inside) return inside;
      throw new ApiError('InternalError', `dial tcp ${host}:${port}: ${error.message}`);
    },
  );
}
