import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { imageMapIn, parseConfig } from '../../local/config.ts';
import { addImage } from '../../local/images.ts';
import { startLocal } from '../../local/index.ts';
import { portsOfPod } from '../../local/podPorts.ts';
import { folderPrefix } from './leftovers.ts';
import type { Listening } from './listening.ts';
import type { Program, Project } from './project.ts';

/** Describes a control plane for one project. */
export interface DevPlane {
  kubeconfig: string;
  /** Pods have no networks of their own: a program that listens on all addresses has its port on the whole machine. */
  sharesPorts: boolean;
  /** Returns where the programs of a Pod listen; undefined where the system does not tell. */
  listening(uid: string): Promise<Listening[] | undefined>;
  /** Ends it with its Pods, and deletes its folder. */
  stop(): Promise<void>;
}

export interface DevPlaneOptions {
  runtime?: string;
  podNetwork?: string;
  port?: string;
  /** Hears what went wrong. */
  warn(line: string): void;
}

/** Elsewhere than on Linux `auto` may be an engine, which knows no folders as images. */
const usualRuntime = process.platform === 'linux' ? 'auto' : 'process';
/** Programs under development speak to what runs on localhost beside them. */
const usualNetwork = process.getuid?.() === 0 ? 'auto' : 'loopback';

/** Starts a control plane in a temporary folder, which knows the project's programs as images. */
export async function startDevPlane(
  project: Project,
  images: { name: string; program: Program }[],
  { runtime = usualRuntime, podNetwork = usualNetwork, port = '0', warn }: DevPlaneOptions,
): Promise<DevPlane> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), folderPrefix)));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    for (const [i, { name, program }] of images.entries())
      await addImage(imageMapIn(folder), name, programFolder(folder, i, project, program));
    const kubeconfig = join(folder, 'kubeconfig');
    const flags = { dataDir: folder, runtime, podNetwork, port, kubeconfig };
    const config = parseConfig({ ...flags, stopPods: true, allowRemote: false }, {}, process.cwd());
    const server = await startLocal(config, { say: () => {}, warn });
    return {
      kubeconfig,
      sharesPorts: !server.hasPodNetworks,
      listening: (uid) => portsOfPod(folder, uid),
      stop: async () => {
        await server.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The project's folder, where that says itself how it starts; else a folder of ours that says it, and leads there. */
function programFolder(place: string, i: number, { folder }: Project, { command, env }: Program): string {
  if (!command) return folder;
  const own = join(place, 'programs', String(i));
  const tools = ['node_modules/.bin', '.venv/bin'].map((name) => join(folder, name));
  const path = [...tools, process.env.PATH ?? ''].join(delimiter);
  mkdirSync(own, { recursive: true });
  const descriptor = { command, workingDir: folder, env: { ...env, PATH: path } };
  writeFileSync(join(own, 'shallop.json'), JSON.stringify(descriptor));
  return own;
}
