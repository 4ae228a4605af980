import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { getObject, statesOf } from '../kube/read.ts';
import { resourceNamed } from '../kube/targets.ts';
import { judgeListening, type ListeningPod, toldPort, type Verdict } from './listening.ts';
import { tellRoll } from './roll.ts';
import type { Session } from './session.ts';

const lookMs = 500;
/** A program may listen for its tools before it listens for others. */
const steadyLooks = 5;
/** What has not listened for so long is told, and looked at seldom. */
const patientLooks = 20;
const patientMs = 3000;

/**
 * Looks where the first program of a project without manifests listens. When it does not take PORT, the port that it takes
 * is its own from then on. Until `signal`, which makes it throw.
 */
export async function learnPort(session: Session, signal: AbortSignal): Promise<void> {
  const { connection, resources, namespace } = session;
  const looked = new Set<string>();
  const selection = { namespace };
  for await (const pod of statesOf<ListeningPod>(
    connection,
    resourceNamed('pods', resources),
    selection,
    signal,
  )) {
    const uid = pod.metadata.uid!;
    const isOurs = session.project && pod.spec.containers[0]?.image === session.images[0];
    if (!isOurs || !pod.status?.containerStatuses?.[0]?.state?.running || looked.has(uid)) continue;
    looked.add(uid);
    lookAt(session, pod, signal).catch((error) => {
      if (!signal.aborted) session.io.err(`Warning: ${error.message}`);
    });
  }
}

/** Until it is ready, or gone, or there is something to tell. */
async function lookAt(session: Session, { metadata }: ListeningPod, signal: AbortSignal): Promise<void> {
  const { connection, resources, namespace, project, plane, painter, io } = session;
  const pods = resourceNamed('pods', resources);
  let last: Verdict | undefined;
  let steady = 0;
  for (let looks = 1; session.fixedPort === undefined; looks++) {
    await sleep(looks > patientLooks ? patientMs : lookMs, undefined, { signal });
    const pod = (await getObject(connection, pods, namespace, metadata.name).catch(() => undefined)) as
      | ListeningPod
      | undefined;
    const port = pod && toldPort(pod);
    if (!pod || !port || pod.metadata.uid !== metadata.uid || pod.metadata.deletionTimestamp) return;
    if (pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) return;
    const sockets = (await plane.listening(metadata.uid!)) ?? [];
    const { exposed } = project!;
    const verdict = judgeListening(sockets, { port, ip: pod.status?.podIP, exposed });
    steady = isDeepStrictEqual(verdict, last) ? steady + 1 : 1;
    last = verdict;
    if (looks === patientLooks && verdict.kind === 'nothing')
      io.out(
        painter.note(`it does not listen on $PORT, which is ${port}, yet; --port says where it listens`),
      );
    if (steady < steadyLooks) continue;
    if (verdict.kind === 'unreachable') {
      const { address, port } = verdict.at;
      const text = `it listens on ${address}:${port} alone, where its Service does not reach it: have it listen on $HOST, or on all addresses`;
      io.out(painter.trouble(metadata.name, text));
      return;
    }
    if (verdict.kind !== 'elsewhere') continue;
    session.fixedPort = verdict.port;
    await tellRoll(session, `it listens on port ${verdict.port} and does not take $PORT`);
    return;
  }
}
