import { dirname, join } from 'node:path';
import { nodeFs } from '../../local/drivers/nodeFs.ts';
import { version } from '../../local/version.ts';
import type { Io } from '../verb.ts';
import type { Connection } from './connection.ts';
import { discover, type Resource } from './discovery.ts';
import type { Endpoint } from './kubeconfig.ts';

const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = nodeFs;

/** Is for how long an answer may be taken that an earlier command got: kubectl's is the same. */
const keptMs = 6 * 3600 * 1000;

/** Describes what a server serves. */
export interface Served {
  /** Asks once, or takes what an earlier command was told. */
  resources(): Promise<Resource[]>;
  /** Asks now, where `resources` took what an earlier command was told; else undefined, as nothing is newer. */
  anew(): Promise<Resource[]> | undefined;
}

interface Options {
  endpoint: Pick<Endpoint, 'server' | 'ca' | 'insecure'>;
  env: Io['env'];
  now: () => number;
  /** Whether an earlier command's answer will do: for whoever asks `anew` where a name is not in it. */
  mayRecall: boolean;
}

interface Kept {
  version: string;
  server: string;
  ca?: string;
  /** Milliseconds since 1970. */
  at: number;
  resources: Resource[];
}

/**
 * Knows what a server serves. Each answer is kept beside what kubectl keeps for the same reason, and taken by the commands that
 * may. Only where certificates say which server it is: another one may have come to the same address.
 */
export function servedBy(connection: Connection, { endpoint, env, now, mayRecall }: Options): Served {
  const { server, ca, insecure } = endpoint;
  const file = server.startsWith('https:') && !insecure ? fileFor(server, env) : undefined;
  const ask = async () => {
    const resources = await discover(connection);
    if (file) keep(file, { version, server, ca, at: now(), resources });
    return resources;
  };
  const recall = (): Resource[] | undefined => {
    const kept = file && mayRecall ? read(file) : undefined;
    const age = now() - (kept?.at ?? 0);
    const isSame = kept?.version === version && kept.server === server && kept.ca === ca;
    return kept && isSame && age >= 0 && age < keptMs ? kept.resources : undefined;
  };
  let known: Promise<Resource[]> | undefined;
  let isRecalled = false;
  return {
    resources: () => {
      if (known) return known;
      const recalled = recall();
      isRecalled = recalled !== undefined;
      known = recalled ? Promise.resolve(recalled) : ask();
      return known;
    },
    anew: () => {
      if (!isRecalled) return undefined;
      isRecalled = false;
      known = ask();
      return known;
    },
  };
}

/** A file for each address; undefined where nobody has a home: none is made. */
function fileFor(server: string, { KUBECACHEDIR, HOME, USERPROFILE }: Io['env']): string | undefined {
  const home = HOME || USERPROFILE;
  const folder = KUBECACHEDIR || (home && join(home, '.kube', 'cache'));
  const name = server.replace('https://', '').replace(/[^\w.-]+/g, '_');
  const isThere = KUBECACHEDIR || (home && existsSync(home));
  return isThere && folder ? join(folder, 'shallop', `${name}.json`) : undefined;
}

function read(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    return undefined;
  }
}

/** Several commands may do this at once: a file is whole or not there. A folder that cannot be written costs a question each time. */
function keep(file: string, kept: Kept): void {
  const written = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o750 });
    writeFileSync(written, JSON.stringify(kept), { mode: 0o600 });
    renameSync(written, file);
  } catch {}
}
