import type { Verb } from '../verb.ts';
import { dataDir, kubeconfigOptions } from './options.ts';
import { clusterPath, running } from './running.ts';

export const kubeconfig: Verb = {
  name: 'kubeconfig',
  summary: 'Print a kubeconfig for the control plane, or merge it into yours',
  usage: [
    'kubeconfig [--cluster NAME]',
    'kubeconfig --merge [--select] [--cluster NAME]',
    'kubeconfig --remove',
  ],
  options: {
    ...dataDir,
    ...kubeconfigOptions,
    cluster: { type: 'string', value: 'NAME', help: 'a logical cluster (default)' },
    merge: { type: 'boolean', help: 'add the context to the kubeconfig file instead of printing one' },
    select: { type: 'boolean', help: 'with --merge: make it the current context' },
    remove: { type: 'boolean', help: 'take the context out of the kubeconfig file' },
  },
  run: async (call, io) => {
    const { kubeconfigOf } = await import('../../local/config.ts');
    const { kubeconfigText, mergeKubeconfig, removeFromKubeconfig } = await import(
      '../../local/kubeconfig/index.ts'
    );
    const cluster = call.text('cluster') ?? 'default';
    const context = call.text('context') ?? (cluster === 'default' ? 'shallop' : `shallop-${cluster}`);
    const file = kubeconfigOf(call.text('kubeconfig'), io.env, io.cwd);
    if (call.flag('remove')) {
      const removed = await removeFromKubeconfig(file, context);
      io.out(
        removed ? `context ${context} removed from ${file}` : `there is no context ${context} in ${file}`,
      );
      return 0;
    }
    const { url, folder } = await running(call, io);
    const { readPki } = await import('../../local/pki/index.ts');
    const pki = await readPki(folder);
    if (!pki) throw new Error(`${folder} holds no certificates`);
    const access = { context, server: `${url}${clusterPath(cluster)}`, ca: pki.ca, admin: pki.admin };
    if (!call.flag('merge')) {
      io.out(kubeconfigText(access).trimEnd());
      return 0;
    }
    await mergeKubeconfig(file, access, call.flag('select'));
    io.out(`context ${context} in ${file}`);
    return 0;
  },
};
