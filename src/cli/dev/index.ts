import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keepHeapSmall } from '../../local/heap.ts';
import { connect } from '../kube/connection.ts';
import { discover, type Resource } from '../kube/discovery.ts';
import { endpointOf } from '../kube/kubeconfig.ts';
import { type Manifest, objectsIn, readManifests } from '../kube/manifests.ts';
import type { Io } from '../verb.ts';
import type { DevOptions } from '../verbs/dev.ts';
import { openInBrowser } from './browser.ts';
import { manifestOf } from './deploy.ts';
import { manifestsIn, ownImage } from './manifests.ts';
import { imageOf, objectsOf } from './objects.ts';
import { painterOf } from './painter.ts';
import { startDevPlane } from './plane.ts';
import { type Project, projectIn } from './project.ts';
import { runSession } from './session.ts';

const namespace = 'default';

/** Runs the project of a folder until the user ends it; answers the exit code. */
export async function runProject(folder: string, options: DevOptions, io: Io): Promise<number> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${folder} is no folder`);
  keepHeapSmall();
  const project = projectIn(folder, options.port);
  const files = manifestsIn(folder);
  io.out(`project       ${project.name}, as ${project.source} starts it`);
  io.out(
    `manifests     ${files.length ? files.join(', ') : `made here: it listens on $PORT, which is ${project.port}`}`,
  );
  const images = imagesFor(project, files, options);
  const { apiPort: port, runtime, podNetwork } = options;
  const plane = await startDevPlane(project, images, { port, runtime, podNetwork, warn: io.err });
  try {
    io.out(`kubectl       kubectl --kubeconfig ${plane.kubeconfig} get pods`);
    await runOn(plane.kubeconfig);
    return 0;
  } catch (error) {
    if (io.interrupted.aborted) return 0;
    throw error;
  } finally {
    io.out('stopping; nothing is left');
    await plane.stop();
  }

  async function runOn(kubeconfig: string): Promise<void> {
    const connection = await connect(endpointOf({ kubeconfig }, io), io.interrupted, (text) =>
      io.err(`Warning: ${text}`),
    );
    const resources = await discover(connection);
    try {
      await runSession({
        ...{ io, connection, resources, namespace, folder, signal: io.interrupted },
        manifests: await manifestsOf(project, files, resources, io),
        images: images.map(({ name }) => name),
        ignored: options.ignored,
        painter: painterOf(Boolean(process.stdout.isTTY) && !io.env.NO_COLOR),
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
): Promise<Manifest[]> {
  if (!files.length) return objectsOf(project).map((object) => manifestOf(object, resources, namespace));
  const place = { resources, namespace, enforced: false };
  const { manifests, problems } = await readManifests(files, false, { ...io, cwd: project.folder }, place);
  for (const problem of problems) io.err(problem.message);
  return manifests;
}
