import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Sender } from '../sender.ts';

/** What the parts of this driver send with. */
export interface Api {
  elb: Pick<ElasticLoadBalancingV2Client, 'send'>;
  ec2: Pick<EC2Client, 'send'>;
  send: Sender;
}

/** All pages of a listing. */
export async function pages<T>(
  read: (marker?: string) => Promise<{ items: T[]; next?: string }>,
): Promise<T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const { items, next } = await read(marker);
    all.push(...items);
    marker = next;
  } while (marker);
  return all;
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size));
  return all;
}
