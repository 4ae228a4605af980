import { type Call, type Io, UsageError } from '../verb.ts';
import { regionOf } from './options.ts';
import { type StackOutputs, stackOutputs } from './stack.ts';

/** A deployment on AWS, and whose credentials to use there. */
export interface AwsTarget extends StackOutputs {
  name: string;
  region: string;
  profile?: string;
}

/** As the options say, or the deployment's stack. */
export async function targetOf(call: Call, io: Io, look = stackOutputs): Promise<AwsTarget> {
  const region = regionOf(call, io);
  const name = call.text('name') ?? 'default';
  const profile = call.text('profile');
  const place = { name, region, ...(profile && { profile }) };
  const [endpoint, clusterId] = [call.text('endpoint'), call.text('cluster-id')];
  const known = endpoint && clusterId ? { endpoint, clusterId } : await look(place);
  const target = {
    ...place,
    ...known,
    endpoint: endpoint ?? known.endpoint,
    clusterId: clusterId ?? known.clusterId,
  };
  if (!/^https?:\/\//.test(target.endpoint)) throw new UsageError(`${target.endpoint} is no http(s) URL`);
  return { ...target, endpoint: target.endpoint.replace(/\/+$/, '') };
}
