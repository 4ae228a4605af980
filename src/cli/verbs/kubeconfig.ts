import type { Access } from '../../local/kubeconfig/index.ts';
import { awsOptions } from '../aws/options.ts';
import type { Call, Io, Verb } from '../verb.ts';
import { dataDir, kubeconfigOptions } from './options.ts';
import { clusterPath, running } from './running.ts';

export const kubeconfig: Verb = {
  name: 'kubeconfig',
  summary: 'Print a kubeconfig for the control plane, or merge it into yours',
  usage: [
    'kubeconfig [--cluster NAME]',
    'kubeconfig --merge [--select] [--cluster NAME]',
    'kubeconfig --remove',
    'kubeconfig --aws [--name NAME] [--region REGION] [--merge [--select]] [--cluster NAME]',
  ],
  options: {
    ...dataDir,
    ...kubeconfigOptions,
    cluster: { type: 'string', value: 'NAME', help: 'a logical cluster (default)' },
    merge: { type: 'boolean', help: 'add the context to the kubeconfig file instead of printing one' },
    select: { type: 'boolean', help: 'with --merge: make it the current context' },
    remove: { type: 'boolean', help: 'remove the context from the kubeconfig file' },
    aws: { type: 'boolean', help: 'for a deployment on AWS; kubectl then runs "shallop token" for tokens' },
    ...awsOptions,
  },
  run: async (call, io) => {
    const { kubeconfigOf } = await import('../../local/config.ts');
    const { kubeconfigText, mergeKubeconfig, removeFromKubeconfig } = await import(
      '../../local/kubeconfig/index.ts'
    );
    const cluster = call.text('cluster') ?? 'default';
    const context = contextOf(call, cluster);
    const file = kubeconfigOf(call.text('kubeconfig'), io.env, io.cwd);
    if (call.flag('remove')) {
      const removed = await removeFromKubeconfig(file, context);
      io.out(
        removed ? `context ${context} removed from ${file}` : `there is no context ${context} in ${file}`,
      );
      return 0;
    }
    const place = await (call.flag('aws') ? onAws(call, io) : here(call, io));
    const access: Access = { ...place, context, server: place.server + clusterPath(cluster) };
    if (!call.flag('merge')) {
      io.out(kubeconfigText(access).trimEnd());
      return 0;
    }
    await mergeKubeconfig(file, access, call.flag('select'));
    io.out(`context ${context} in ${file}`);
    return 0;
  },
};

/** `shallop`, `shallop-red`; on AWS with the name of the deployment before that of the cluster. */
function contextOf(call: Call, cluster: string): string {
  const named = call.text('context');
  if (named) return named;
  const parts = ['shallop', ...(call.flag('aws') ? [call.text('name') ?? 'default'] : [])];
  return [...parts, ...(cluster === 'default' ? [] : [cluster])].join('-');
}

type Place = Omit<Access, 'context'>;

async function here(call: Call, io: Io): Promise<Place> {
  const { url, folder } = await running(call, io);
  const { readPki } = await import('../../local/pki/index.ts');
  const pki = await readPki(folder);
  if (!pki) throw new Error(`${folder} holds no certificates`);
  return { server: url, ca: pki.ca, admin: pki.admin };
}

async function onAws(call: Call, io: Io): Promise<Place> {
  const { targetOf } = await import('../aws/target.ts');
  const { pluginOf } = await import('../aws/plugin.ts');
  const target = await targetOf(call, io);
  return { server: target.endpoint, exec: pluginOf(target, process.argv[1]) };
}
