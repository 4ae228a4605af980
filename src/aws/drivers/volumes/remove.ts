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

/**
 * Every access point that the deployment made, with the claim it was made for; with `id` that one, if it is there and the
 * deployment's. To look through all of them for one costs the more the more there are, and may miss one while others go.
 */
export async function madePoints(points: AccessPoints, id?: string) {
  const { deployment } = points;
  const all = id === undefined ? await allPoints(points) : await pointsOf(points, id);
  return all.flatMap(({ AccessPointId: id = '', LifeCycleState: state, Tags }) => {
    const ref: VolumeRef | undefined = refOf(deployment, tagMap(Tags));
    return ref && state !== 'deleting' && state !== 'deleted' ? [{ id, ref }] : [];
  });
}

const allPoints = ({ client, send }: AccessPoints) =>
  pages<AccessPointDescription>(async (NextToken) => {
    const request = new DescribeAccessPointsCommand({ MaxResults: 100, NextToken });
    const answer = await send('DescribeAccessPoints', () => client.send(request));
    return { items: answer.AccessPoints ?? [], next: answer.NextToken };
  });

async function pointsOf(
  { client, send }: AccessPoints,
  AccessPointId: string,
): Promise<AccessPointDescription[]> {
  const request = new DescribeAccessPointsCommand({ AccessPointId });
  try {
    return (await send('DescribeAccessPoints', () => client.send(request))).AccessPoints ?? [];
  } catch (error) {
    if (isCode((error as Error).cause, 'AccessPointNotFound')) return [];
    throw error;
  }
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
