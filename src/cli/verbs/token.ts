import { awsCredentials, tokenBy } from '../aws/credentials.ts';
import { awsOptions, regionOf } from '../aws/options.ts';
import { type Io, UsageError, type Verb } from '../verb.ts';

const { region, profile } = awsOptions;

export const token: Verb = {
  name: 'token',
  summary: 'Print a token for a cluster on AWS, as a credential plugin of kubectl',
  usage: ['token --cluster-id ID [--region REGION] [--profile NAME]'],
  description:
    'A credential plugin: the kubeconfig that "shallop kubeconfig --aws" writes calls it. It signs a request to STS with\nyour AWS credentials and sends it nowhere; the cluster asks STS who signed it.',
  options: {
    'cluster-id': { type: 'string', value: 'ID', help: 'id of the cluster that the token is signed for' },
    region: region!,
    profile: profile!,
  },
  run: async (call, io) => {
    const clusterId = call.text('cluster-id');
    if (!clusterId) throw new UsageError('--cluster-id is required');
    const apiVersion = versionAsked(io);
    const target = { clusterId, region: regionOf(call, io) };
    const made = tokenBy(await awsCredentials(call.text('profile')), target, Date.now());
    const expirationTimestamp = new Date(made.expiresAt).toISOString().replace(/\.\d+/, '');
    const status = { expirationTimestamp, token: made.token };
    io.out(JSON.stringify({ kind: 'ExecCredential', apiVersion, spec: {}, status }));
    return 0;
  },
};

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** kubectl says which it understands. */
function versionAsked({ env: { KUBERNETES_EXEC_INFO: info } }: Io): string {
  if (!info) return versions[0]!;
  let asked: unknown;
  try {
    asked = JSON.parse(info).apiVersion;
  } catch {
    throw new Error('KUBERNETES_EXEC_INFO is not JSON');
  }
  const known = versions.find((version) => version === asked);
  if (!known)
    throw new Error(`KUBERNETES_EXEC_INFO asks for ${asked}; supported are ${versions.join(' and ')}`);
  return known;
}
