import { table } from '../../shared/meta/table.ts';
import type { Call, Io, Option } from '../verb.ts';
import { UsageError } from '../verb.ts';

/** Options of the verbs that speak to a deployment on AWS. */
export const awsOptions: Record<string, Option> = table({
  name: {
    type: 'string',
    value: 'NAME',
    help: 'name of the deployment, whose stack is shallop-NAME (default)',
  },
  endpoint: { type: 'string', value: 'URL', help: "address of the API (default: the stack's output)" },
  'cluster-id': {
    type: 'string',
    value: 'ID',
    help: "id of the cluster that tokens are signed for (default: the stack's output)",
  },
  region: { type: 'string', value: 'REGION', help: 'AWS region (AWS_REGION)' },
  profile: { type: 'string', value: 'NAME', help: 'profile of the AWS configuration (AWS_PROFILE)' },
});

/** The region asked for. Throws UsageError when there is none. */
export function regionOf(call: Call, { env }: Io): string {
  const region = call.text('region') ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION);
  if (!region) throw new UsageError('no region: use --region, or set AWS_REGION');
  return region;
}
