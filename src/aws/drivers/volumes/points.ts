import {
  type AccessPointAlreadyExists,
  type AccessPointDescription,
  DeleteAccessPointCommand,
  DescribeAccessPointsCommand,
  type EFSClient,
} from '@aws-sdk/client-efs';
import type { VolumeRef } from '../../../shared/ports/cloud.ts';
import { isCode } from '../errors.ts';
import { pages } from '../pages.ts';
import type { Sender } from '../sender.ts';
import { refOf, tagMap, tags } from '../tags.ts';

/** Describes what it takes to find and to remove access points. */
export interface AccessPoints {
  client: Pick<EFSClient, 'send'>;
  deployment: string;
  send: Sender;
}

/** An access point that the deployment made. */
export interface MadePoint {
  id: string;
  /** The claim that it was made for. */
  ref: VolumeRef;
  /** The volume of which it leads to a folder; absent: it is a volume. */
  partOf?: string;
}

/**
 * Every access point that the deployment made; with `id` that one, if it is there and the deployment's. To look through all of
 * them for one costs the more the more there are, and may miss one while others go.
 */
export const madePoints = async (points: AccessPoints, id?: string): Promise<MadePoint[]> =>
  madeOf(points, id === undefined ? await allPoints(points) : await pointsOf(points, id));

const madeOf = ({ deployment }: AccessPoints, all: AccessPointDescription[]): MadePoint[] =>
  all.flatMap(({ AccessPointId: id = '', LifeCycleState: state, Tags }) => {
    const values = tagMap(Tags);
    const ref: VolumeRef | undefined = refOf(deployment, values);
    const isThere = state !== 'deleting' && state !== 'deleted';
    const partOf = values[tags.partOf];
    return ref && isThere ? [{ id, ref, ...(partOf !== undefined && { partOf }) }] : [];
  });

const allPoints = ({ client, send }: AccessPoints) =>
  pages<AccessPointDescription>(async (NextToken) => {
    const request = new DescribeAccessPointsCommand({ MaxResults: 100, NextToken });
    const answer = await send('DescribeAccessPoints', () => client.send(request));
    return { items: answer.AccessPoints ?? [], next: answer.NextToken };
  });

/** The one of this id, whoever made it; none where it is not there. */
export async function pointsOf(
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

/** Returns the id of what is created, or was by an earlier try. */
export async function madeOnce(creation: Promise<{ AccessPointId?: string }>): Promise<string> {
  try {
    return (await creation).AccessPointId ?? '';
  } catch (error) {
    const { cause } = error as Error;
    if (isCode(cause, 'AccessPointAlreadyExists'))
      return (cause as AccessPointAlreadyExists).AccessPointId ?? '';
    throw error;
  }
}
