import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { type Bill, type NoBill, readBill } from './bill.ts';

/**
 * Asks Cost Explorer what a deployment is billed for. It has one endpoint for all regions of a partition, which the SDK knows.
 * `now` is in milliseconds since the epoch.
 */
export async function billOf(
  { name, region, profile }: { name: string; region: string; profile?: string },
  now: number,
): Promise<Bill | NoBill> {
  const costExplorer = new CostExplorerClient({
    region,
    ...(profile && { profile }),
    // Asking again is paid for again.
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
  });
  try {
    return await readBill({ costExplorer, name, region, now });
  } finally {
    costExplorer.destroy();
  }
}
