import { table } from '../../shared/meta/table.ts';
import type { Program } from './program.ts';

/** Returns what frameworks start, by the name of its file. */
export const programs: Record<string, () => Promise<Program>> = table({
  etcd: async () => (await import('./etcd.ts')).etcd,
  'kube-apiserver': async () => (await import('./apiserver/index.ts')).kubeApiserver,
});
