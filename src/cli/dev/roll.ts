import { pathOf } from '../kube/discovery.ts';
import type { Manifest } from '../kube/manifests.ts';
import { listObjects } from '../kube/read.ts';
import { selectorText } from '../kube/selector.ts';
import { resourceNamed } from '../kube/targets.ts';
import { freePort } from './freePort.ts';
import { type ListeningPod, toldPort } from './listening.ts';
import { imagesOf } from './manifests.ts';
import { portPatch } from './objects.ts';
import type { Session } from './session.ts';

/** Is the annotation of a Pod template that makes new Pods of it. */
const changedAt = 'shallop.dev/changed-at';

/** Describes what was given new Pods. */
interface Rolled {
  /** `deployment/web`. */
  name: string;
  /** The port that old Pods would keep from new ones, so that they stop first. */
  held?: number;
}

/** Replaces the Pods of the project's programs, and tells why and how. */
export async function tellRoll(session: Session, why: string): Promise<void> {
  const { io, painter } = session;
  const rolled = await roll(session, new Date());
  const held = rolled.find((each) => each.held !== undefined)?.held;
  const how = held === undefined ? '' : `; the old version stops first, as it holds port ${held}`;
  io.out(painter.note(`${why}: rolling ${rolled.map(({ name }) => name).join(', ')}${how}`));
}

/** Replaces the Pods of what runs the project, as `rollout restart` does. Each version gets a port of its own where it may. */
async function roll(session: Session, now: Date): Promise<Rolled[]> {
  const rolled: Rolled[] = [];
  for (const manifest of session.manifests) {
    const { resource, namespace, object } = manifest;
    const number = session.images.findIndex((image) => imagesOf(object).includes(image));
    if (number < 0 || !replaced.includes(resource.kind)) continue;
    const isDeployment = resource.kind === 'Deployment';
    const held = isDeployment ? await heldPort(session, manifest, number) : undefined;
    const template = {
      metadata: { annotations: { [changedAt]: now.toISOString() } },
      spec: await nextPort(session, number),
    };
    await session.connection.json({
      method: 'PATCH',
      path: pathOf(resource, namespace, object.metadata.name),
      body: { spec: { template, ...(isDeployment && { strategy: strategyOf(manifest, held) }) } },
      type: 'application/strategic-merge-patch+json',
    });
    const name = `${resource.singular}/${object.metadata.name}`;
    rolled.push({ name, ...(held !== undefined && { held }) });
  }
  return rolled;
}

const replaced = ['Deployment', 'StatefulSet', 'DaemonSet'];

async function nextPort({ project, fixedPort }: Session, number: number): Promise<object> {
  if (!project) return {};
  const port = (number === 0 ? fixedPort : undefined) ?? (await freePort());
  return portPatch(project.programs[number]!, port, number === 0);
}

function strategyOf({ object }: Manifest, held: number | undefined): object | null {
  if (held !== undefined) return { type: 'Recreate', rollingUpdate: null };
  return (object.spec as { strategy?: object }).strategy ?? null;
}

/** Returns a port that the Pods of a Deployment keep from their successors; undefined where both can run side by side. */
async function heldPort(
  { connection, resources, plane, project, fixedPort }: Session,
  { namespace, object }: Manifest,
  number: number,
): Promise<number | undefined> {
  if (!plane.sharesPorts) return undefined;
  const labels = selectorText((object.spec as { selector?: Record<string, string> }).selector);
  const pods = resourceNamed('pods', resources);
  const { items } = await listObjects<ListeningPod>(connection, pods, { namespace, labels });
  const takesPort = project && !(number === 0 && fixedPort !== undefined);
  for (const pod of items) {
    const own = takesPort ? toldPort(pod) : undefined;
    const sockets = await plane.listening(pod.metadata.uid!);
    // Where the system does not tell, addresses are shared too.
    if (!sockets && !takesPort) return pod.spec.containers[0]?.ports?.[0]?.containerPort;
    // Every Pod has an address of its own, and may have each port there.
    const held = sockets?.find(({ address, port }) => address !== pod.status?.podIP && port !== own);
    if (held) return held.port;
  }
  return undefined;
}
