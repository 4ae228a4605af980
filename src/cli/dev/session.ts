import type { Connection } from '../kube/connection.ts';
import type { Resource } from '../kube/discovery.ts';
import type { Manifest } from '../kube/manifests.ts';
import { statesOf } from '../kube/read.ts';
import { isRolledOut } from '../kube/rollout/status.ts';
import { resourceNamed } from '../kube/targets.ts';
import type { Io } from '../verb.ts';
import { addressOf, serviceAnswering } from './addresses.ts';
import { changesIn } from './changes.ts';
import { deploy } from './deploy.ts';
import { followPods } from './follow.ts';
import { learnPort } from './learnPort.ts';
import type { Painter } from './painter.ts';
import type { DevPlane } from './plane.ts';
import type { Project } from './project.ts';
import { tellRoll } from './roll.ts';

/** Describes what one run of `shallop dev` works with. */
export interface Session {
  io: Pick<Io, 'out' | 'err'>;
  connection: Connection;
  resources: Resource[];
  namespace: string;
  manifests: Manifest[];
  /** The images that stand for the project's programs. */
  images: string[];
  /** Absent: it has manifests of its own. */
  project?: Project;
  /** The port of the first program, whatever PORT says. Undefined as long as it takes the PORT of each version. */
  fixedPort: number | undefined;
  plane: Pick<DevPlane, 'sharesPorts' | 'listening'>;
  folder: string;
  ignored: string[];
  painter: Painter;
  /** Hears an address once it answers. */
  opened(address: string): void;
  signal: AbortSignal;
}

/**
 * Applies, shows what the programs print, and replaces their Pods at each change of the folder; until the signal, or until
 * one of these fails.
 */
export async function runSession(session: Session): Promise<void> {
  const { connection, resources, namespace, manifests, painter, io } = session;
  await deploy(connection, manifests, { out: (line) => io.out(painter.note(line)), err: io.err });
  const own = new AbortController();
  const signal = AbortSignal.any([session.signal, own.signal]);
  const say = (pod: string, container: string, line: string, isTrouble: boolean) =>
    io.out(isTrouble ? painter.trouble(pod, line) : painter.line(pod, container, line));
  try {
    await Promise.race([
      followPods(connection, resourceNamed('pods', resources), namespace, say, signal),
      tellAddresses(session, signal),
      tellRollouts(session, signal),
      rollOnChange(session, signal),
      ...(session.project ? [learnPort(session, signal)] : []),
    ]);
  } finally {
    own.abort();
  }
}

/** Tells a Service's address when it has one, and a Pod that answers there. */
async function tellAddresses(session: Session, signal: AbortSignal): Promise<void> {
  const { connection, resources, namespace, io, painter } = session;
  const addresses = new Map<string, string>();
  const answering = new Set<string>();
  const told = new Set<string>();
  const tell = (name: string) => {
    const address = addresses.get(name);
    if (!address || !answering.has(name) || told.has(address)) return;
    told.add(address);
    io.out(painter.note(`service/${name} answers at ${address}`));
    session.opened(address);
  };
  const services = async () => {
    const resource = resourceNamed('services', resources);
    for await (const service of statesOf(connection, resource, { namespace }, signal)) {
      const address = addressOf(service);
      if (address) addresses.set(service.metadata.name, address);
      tell(service.metadata.name);
    }
  };
  const slices = async () => {
    const resource = resourceNamed('endpointslices', resources);
    for await (const slice of statesOf(connection, resource, { namespace }, signal)) {
      const name = serviceAnswering(slice);
      if (name) answering.add(name);
      if (name) tell(name);
    }
  };
  await Promise.race([services(), slices()]);
}

async function tellRollouts(session: Session, signal: AbortSignal): Promise<void> {
  const { connection, resources, namespace, io, painter } = session;
  const told = new Map<string, number>();
  const deployments = resourceNamed('deployments', resources);
  for await (const deployment of statesOf(connection, deployments, { namespace }, signal)) {
    const { name, generation } = deployment.metadata;
    if (!isRolledOut(deployment) || told.get(name) === generation) continue;
    told.set(name, Number(generation));
    io.out(painter.note(`deployment/${name} is rolled out`));
  }
}

async function rollOnChange(session: Session, signal: AbortSignal): Promise<void> {
  const { folder, ignored, io } = session;
  for await (const files of changesIn(folder, ignored, signal, io.err)) {
    const more = files.length > 3 ? `, and ${files.length - 3} more` : '';
    await tellRoll(session, `${files.slice(0, 3).join(', ')}${more} changed`);
  }
}
