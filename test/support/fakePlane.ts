import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startControlPlane } from '../../examples/demo/server.ts';

/** A control plane whose Pods nothing runs, with a kubectl whose home is the plane's folder. */
export interface FakePlane {
  folder: string;
  /** Runs a command and returns its output; rejects with `stdout` and `stderr` when it fails. */
  k(...args: string[]): Promise<string>;
  /** Stops the control plane and starts it again on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param kubectl path of the program. */
export async function openFakePlane(name: string, kubectl: string): Promise<FakePlane> {
  const folder = mkdtempSync(join(tmpdir(), `shallop-${name}-`));
  const start = () => startControlPlane(folder, '--runtime', 'fake');
  let plane = await start();
  return {
    folder,
    async k(...args) {
      const env = { KUBECONFIG: plane.kubeconfig, HOME: folder, PATH: process.env.PATH };
      return (await promisify(execFile)(kubectl, args, { env })).stdout;
    },
    async restart() {
      await plane.stop();
      plane = await start();
    },
    async close() {
      await plane.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
