import type { ContainerDefinition, KeyValuePair, MountPoint, Secret } from '@aws-sdk/client-ecs';
import { tokenUrl, usageUrl } from './apiAccess.ts';
import { logConfiguration } from './container.ts';
import type { Views } from './context.ts';
import type { FargateSettings } from './options.ts';
import {
  bootVariable,
  boundVariable,
  firstTokens,
  keptFolder,
  laterTokens,
  type TokenFile,
} from './tokenScript.ts';

/**
 * Describes how the tokens of a Pod come into its files: the first ones before its containers start, later ones beside
 * them.
 */
export interface PodTokens {
  /** The volume of the two containers that ask for tokens. */
  kept: MountPoint;
  first: { script: string; secret: Secret; own: KeyValuePair };
  laterScript: string;
  /** Says how many files hold a token; without any the Pod only tells what it uses. */
  files: number;
}

export const tokenKeeper = 'shallop-tokens';

/**
 * Undefined when no file is to hold a token and nothing is told. Throws ConfigError while the account's boot token is not
 * there.
 */
export async function podTokensOf(views: Views, files: TokenFile[]): Promise<PodTokens | undefined> {
  const { apiHost, own, tellsEvery } = views;
  if (apiHost === undefined || (files.length === 0 && tellsEvery === undefined)) return undefined;
  const { name, uid } = own.ref;
  const url = tokenUrl(apiHost, own);
  const usage = tellsEvery === undefined ? undefined : { url: usageUrl(apiHost), seconds: tellsEvery };
  return {
    kept: { sourceVolume: 'tokens', containerPath: keptFolder, readOnly: false },
    first: {
      script: firstTokens(url, files),
      secret: { name: bootVariable, valueFrom: await views.bootToken() },
      own: { name: boundVariable, value: JSON.stringify({ apiVersion: 'v1', kind: 'Pod', name, uid }) },
    },
    laterScript: laterTokens(url, files, usage),
    files: files.length,
  };
}

/**
 * The container that renews tokens, and tells what the Pod uses where that is measured. It is not essential, so that it never
 * keeps a task from ending, and has nothing but its log to say how it fares: a Pod's status does not know of it.
 */
export const tokenKeeperOf = (
  { kept, laterScript }: PodTokens,
  mountPoints: MountPoint[],
  settings: FargateSettings,
): ContainerDefinition => ({
  name: tokenKeeper,
  image: settings.projectorImage,
  essential: false,
  user: '0',
  entryPoint: ['sh', '-c'],
  command: [laterScript],
  mountPoints: [...mountPoints, kept],
  restartPolicy: { enabled: true, restartAttemptPeriod: 60 },
  stopTimeout: 2,
  logConfiguration: logConfiguration(settings),
});
