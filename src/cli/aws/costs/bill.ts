import {
  type CostExplorerClient,
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandInput,
} from '@aws-sdk/client-cost-explorer';
import { costTag } from '../../../aws/prices/costTag.ts';
import { prices } from '../../../aws/prices/index.ts';

/** Describes what AWS bills a deployment for since the month began, by its tag. */
export interface Bill {
  tag: string;
  /** Days as Cost Explorer has them; what is billed on the last one is not in it. */
  period: { start: string; end: string };
  /** Is of every cost, as `USD`. */
  currency: string;
  total: number;
  /** By the service's name as a bill has it, the dearest first. */
  services: { service: string; cost: number }[];
  /** True while AWS may still change it. */
  estimated: boolean;
  /** Dollars that it cost to ask. */
  asking: number;
}

/** Says why nobody knows what was billed, and what to do. */
export interface NoBill {
  why: string;
  remedy: string;
}

export interface BillQuery {
  costExplorer: Pick<CostExplorerClient, 'send'>;
  /** Name of the deployment. */
  name: string;
  region: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Asks Cost Explorer, mostly for one page. What it refuses is told with what to do, and never thrown. */
export async function readBill(query: BillQuery): Promise<Bill | NoBill> {
  const input = billRequest(query);
  const costs = new Map<string, number>();
  let [currency, estimated] = ['USD', false];
  let asking = 0;
  let NextPageToken: string | undefined;
  try {
    do {
      asking += prices.costsRead;
      const page = await query.costExplorer.send(new GetCostAndUsageCommand({ ...input, NextPageToken }));
      for (const { Groups = [], Estimated = false } of page.ResultsByTime ?? []) {
        estimated ||= Estimated;
        for (const { Keys: [service = 'other'] = [], Metrics: { UnblendedCost } = {} } of Groups) {
          currency = UnblendedCost?.Unit ?? currency;
          costs.set(service, (costs.get(service) ?? 0) + Number(UnblendedCost?.Amount ?? 0));
        }
      }
      NextPageToken = page.NextPageToken;
    } while (NextPageToken);
  } catch (error) {
    return refusalOf(error as Error);
  }
  const tag = `${costTag}=${query.name}`;
  if (costs.size === 0)
    return { why: `Cost Explorer has no cost of this month with the tag ${tag}`, remedy: activate };
  const services = [...costs].map(([service, cost]) => ({ service, cost })).sort((a, b) => b.cost - a.cost);
  const total = services.reduce((sum, { cost }) => sum + cost, 0);
  const { Start: start, End: end } = input.TimePeriod as { Start: string; End: string };
  return { tag, period: { start, end }, currency, total, services, estimated, asking };
}

/** Returns the request for what the tag's resources in a region, and those of no region, cost since the first of the month. */
export function billRequest({
  name,
  region,
  now,
}: Omit<BillQuery, 'costExplorer'>): GetCostAndUsageCommandInput {
  const today = new Date(now);
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  const start = Date.UTC(year, month, 1);
  // The end itself is not in the period: today is, since AWS refuses one without a day, as on the first of a month.
  const end = Date.UTC(year, month, today.getUTCDate() + 1);
  return {
    TimePeriod: { Start: dayOf(start), End: dayOf(end) },
    Granularity: 'MONTHLY',
    Metrics: ['UnblendedCost'],
    GroupBy: [{ Type: 'DIMENSION', Key: 'SERVICE' }],
    Filter: {
      And: [
        { Tags: { Key: costTag, Values: [name], MatchOptions: ['EQUALS'] } },
        // Deployments of other regions may have the same name.
        { Dimensions: { Key: 'REGION', Values: [region, 'global', 'NoRegion'], MatchOptions: ['EQUALS'] } },
      ],
    },
  };
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

const activate = `activate the tag ${costTag} in Billing, Cost allocation tags (an organization's management account does); costs are there from a day later on`;

function refusalOf({ name, message }: Error): NoBill {
  const why = message || name;
  if (name === 'DataUnavailableException' || /not enabled for cost explorer/i.test(message))
    return {
      why,
      remedy: `turn Cost Explorer on in Billing, which takes a day, and ${activate}`,
    };
  if (/^AccessDenied|^UnauthorizedOperation|not authorized/i.test(`${name} ${message}`))
    return {
      why,
      remedy:
        'it takes the action ce:GetCostAndUsage on all resources, and an account that lets IAM see Billing (an organization decides that by its management account)',
    };
  return { why, remedy: 'ask again later; what was counted stands above' };
}
