import {
  type AccessPointDescription,
  DeleteAccessPointCommand,
  DescribeAccessPointsCommand,
  type EFSClient,
} from '@aws-sdk/client-efs';
import type { VolumeRef } from '../../../shared/ports/cloud.ts';
import { isCode } from '../errors.ts';
import { pages } from '../pages.ts';
import type { Sender } from '../sender.ts';
import { refOf, tagMap } from '../tags.ts';

/** Describes what it takes to find and to remove access points. */
export interface AccessPoints {
  client: Pick<EFSClient, 'send'>;
  deployment: string;
  send: Sender;
}

/** Every access point that the deployment made, with the claim it was made for. */
export async function madePoints({ client, deployment, send }: AccessPoints) {
  const all = await pages<AccessPointDescription>(async (NextToken) => {
    const request = new DescribeAccessPointsCommand({ MaxResults: 100, NextToken });
    const answer = await send('DescribeAccessPoints', () => client.send(request));
    return { items: answer.AccessPoints ?? [], next: answer.NextToken };
  });
  return all.flatMap(({ AccessPointId: id = '', LifeCycleState: state, Tags }) => {
    const ref: VolumeRef | undefined = refOf(deployment, tagMap(Tags));
    return ref && state !== 'deleting' && state !== 'deleted' ? [{ id, ref }] : [];
  });
}

/** The way in. The folder and the files in it stay on the file system. */
export async function deletePoint({ client, send }: AccessPoints, AccessPointId: string): Promise<void> {
  const request = new DeleteAccessPointCommand({ AccessPointId });
  try {
    await send('DeleteAccessPoint', () => client.send(request));
  } catch (error) {
    if (!isCode((error as Error).cause, 'AccessPointNotFound')) throw error;
  }
}
