import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repository } from '../../examples/demo/server.ts';
import { openPki } from '../../src/local/pki/index.ts';
import type { FrontOptions } from './front.ts';

export type StreamingFrontOptions = Partial<
  Pick<FrontOptions, 'stage' | 'timeoutMs' | 'idleMs' | 'tellsDisconnects'>
> & {
  /** The function's bundle; absent: the API, bundled now. */
  bundle?: string;
  /** The function's environment, and nothing else. */
  environment: Record<string, string>;
};

export interface StreamingFront {
  /** `https://127.0.0.1:…/prod` */
  url: string;
  /** PEM of the authority that its certificate is from. */
  ca: string;
  /** Lines that the function logged, and what the front found wrong with it. */
  output: string[];
  close(): Promise<void>;
}

/**
 * What no emulator has: API Gateway's response streaming. Runs the API's own bundle in a process of its own, as Lambda
 * would, and speaks HTTP for it.
 */
export async function openStreamingFront(options: StreamingFrontOptions): Promise<StreamingFront> {
  const { bundle, environment, stage = 'prod', ...more } = options;
  const folder = mkdtempSync(join(tmpdir(), 'shallop-front-'));
  const file = bundle ?? (await bundleFunction('api', folder));
  const pki = await openPki(join(folder, 'pki'), ['127.0.0.1'], Date.now());
  const child = fork(join(import.meta.dirname, 'frontMain.ts'), [file], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => output.push(...text.trimEnd().split('\n')));
  const ended = once(child, 'exit');
  child.send({ ...usual, stage, tls: pki.server, ...more });
  const started = await Promise.race([once(child, 'message'), ended]);
  const port = (started[0] as { port?: number } | null)?.port;
  if (!port) throw new Error(`the function did not start:\n${output.join('\n')}`);
  return {
    url: `https://127.0.0.1:${port}/${stage}`,
    ca: pki.ca,
    output,
    close: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const usual = { timeoutMs: 900_000, idleMs: 300_000, tellsDisconnects: true };

/** Bundles lambdas/<name> as a deployment does; answers the file. */
export async function bundleFunction(name: string, folder: string): Promise<string> {
  const outfile = join(folder, 'index.mjs');
  await build({
    entryPoints: [join(repository, 'lambdas', name, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    banner: {
      js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}
