import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keepHeapSmall } from '../../local/heap.ts';
import { connect } from '../kube/connection.ts';
import { discover, type Resource } from '../kube/discovery.ts';
import { endpointOf } from '../kube/kubeconfig.ts';
import { type Manifest, objectsIn, placed, readManifests } from '../kube/manifests.ts';
import type { Io } from '../verb.ts';
import type { DevOptions } from '../verbs/dev.ts';
import { openInBrowser } from './browser.ts';
import { freePort } from './freePort.ts';
import { removeLeftovers } from './leftovers.ts';
import { manifestsIn, ownImage } from './manifests.ts';
import { imageOf, objectsOf } from './objects.ts';
import { painterOf } from './painter.ts';
import { type DevPlane, startDevPlane } from './plane.ts';
import { type Project, projectIn } from './project.ts';
import { runSession } from './session.ts';

const namespace = 'default';

/** Runs the project of a folder until the user ends it; answers the exit code. */
export async function runProject(folder: string, options: DevOptions, io: Io): Promise<number> {
  // A signal during the start is heeded after it, so that nothing is left.
  const { interrupted } = io;
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`${folder} is not a folder`);
  keepHeapSmall();
  const project = projectIn(folder);
  const files = manifestsIn(folder);
  // Where the system does not tell where programs listen, one that says it is believed.
  const fixedPort = options.port ?? (process.platform === 'linux' ? undefined : project.exposed);
  io.out(`project       ${project.name}, as ${project.source} starts it`);
  io.out(
    `manifests     ${files.length ? files.join(', ') : `made here: it listens on $PORT, ${fixedPort === undefined ? 'another for each version' : `which is ${fixedPort}`}`}`,
  );
  const images = imagesFor(project, files, options);
  await removeLeftovers(io.out);
  const { apiPort: port, runtime, podNetwork } = options;
  const plane = await startDevPlane(project, images, { port, runtime, podNetwork, warn: io.err });
  try {
    io.out(`kubectl       kubectl --kubeconfig ${plane.kubeconfig} get pods`);
    await runOn(plane);
    return 0;
  } catch (error) {
    if (interrupted.aborted) return 0;
    throw error;
  } finally {
    io.out('stopping; nothing is left');
    await plane.stop();
  }

  async function runOn(plane: DevPlane): Promise<void> {
    const { kubeconfig } = plane;
    const connection = await connect(await endpointOf({ kubeconfig }, io), interrupted, (text) =>
      io.err(`Warning: ${text}`),
    );
    const resources = await discover(connection);
    try {
      await runSession({
        ...{ io, connection, resources, namespace, folder, plane, fixedPort, signal: interrupted },
        ...(!files.length && { project }),
        manifests: await manifestsOf(project, files, resources, io, fixedPort),
        images: images.map(({ name }) => name),
        ignored: options.ignored,
        painter: painterOf(io.paint),
        opened: (address) => options.open && openInBrowser(address, io.err),
      });
    } finally {
      connection.close();
    }
  }
}

/** In the project's own manifests one image is the project: the first of its programs. */
function imagesFor(project: Project, files: string[], { image }: DevOptions) {
  const { folder, programs } = project;
  if (!files.length) return programs.map((program) => ({ name: imageOf(project, program), program }));
  const objects = files.flatMap((source) =>
    objectsIn({ source, text: readFileSync(join(folder, source), 'utf8') }),
  );
  return [{ name: image ?? ownImage(objects, project), program: programs[0]! }];
}

async function manifestsOf(
  project: Project,
  files: string[],
  resources: Resource[],
  io: Io,
  fixedPort: number | undefined,
): Promise<Manifest[]> {
  const place = { resources, namespace, enforced: false };
  const { manifests, problems } = files.length
    ? await readManifests(files, false, { ...io, cwd: project.folder }, place)
    : placed(objectsOf(project, await firstPorts(project, fixedPort)), 'shallop dev', place);
  for (const problem of problems) io.err(problem.message);
  return manifests;
}

async function firstPorts({ programs }: Project, fixedPort: number | undefined): Promise<number[]> {
  const fresh = await Promise.all(programs.map(freePort));
  return fixedPort === undefined ? fresh : [fixedPort, ...fresh.slice(1)];
}
