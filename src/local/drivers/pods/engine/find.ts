import { release } from 'node:os';
import { engineAddresses, type Surroundings } from './address.ts';
import type { EngineInfo, EngineVersion } from './answers.ts';
import { connectEngine, type EngineClient } from './client.ts';

/** An engine that answers, and what matters of it. */
export interface Engine {
  client: EngineClient;
  kind: 'docker' | 'podman';
  version: string;
  /** As Go names architectures. */
  architecture: string;
  /** Containers' addresses are reached from here: it runs on this kernel, as root. Otherwise their ports are published. */
  isHere: boolean;
  processors: number;
  memoryBytes: number;
  /** SELinux would keep containers from this machine's files. */
  hasLabels: boolean;
}

/** The engine that the docker CLI would use, or the first one of the usual places that answers. Throws with why there is none. */
export async function findEngine(surroundings: Surroundings): Promise<Engine> {
  const failures: string[] = [];
  for (const address of engineAddresses(surroundings)) {
    try {
      return await describe(await connectEngine(address));
    } catch (error) {
      failures.push(`${address.name}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    failures.length
      ? `no engine answers (${failures.join('; ')})`
      : 'no engine is running that docker would find',
  );
}

async function describe(client: EngineClient): Promise<Engine> {
  const [version, info] = await Promise.all([
    client.ask<EngineVersion>('GET', '/version'),
    client.ask<EngineInfo>('GET', '/info'),
  ]);
  const options = info.SecurityOptions ?? [];
  const isPodman = version.Components?.some(({ Name }) => /podman/i.test(Name ?? '')) ?? false;
  return {
    client,
    kind: isPodman ? 'podman' : 'docker',
    version: version.Version ?? '',
    architecture: version.Arch ?? '',
    isHere:
      process.platform === 'linux' &&
      'socketPath' in client.address.connection &&
      info.KernelVersion === release() &&
      !options.some((option) => option.includes('rootless')),
    processors: info.NCPU ?? 1,
    memoryBytes: info.MemTotal ?? 0,
    hasLabels: options.some((option) => option.includes('selinux')),
  };
}
