import { basename, resolve } from 'node:path';
import type { CredentialPlugin } from '../../local/kubeconfig/index.ts';
import type { AwsTarget } from './target.ts';

/** Returns how kubectl has a token made. `script` is the file of the running command (process.argv[1]). */
export const pluginOf = (
  { clusterId, region, profile }: Pick<AwsTarget, 'clusterId' | 'region' | 'profile'>,
  script: string | undefined,
): CredentialPlugin => ({
  command: commandOf(script),
  args: [
    'token',
    ...['--cluster-id', clusterId],
    ...['--region', region],
    ...(profile ? ['--profile', profile] : []),
  ],
});

/** By its path: a checkout or npx is not on kubectl's PATH. */
const commandOf = (script: string | undefined) =>
  script && /^shallop(\.js)?$/.test(basename(script)) ? resolve(script) : 'shallop';
