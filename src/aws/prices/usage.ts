import { hoursOfMonth, prices } from './index.ts';

/** Describes what a deployment used in some time, beside tasks and load balancers. */
export interface Usage {
  gatewayRequests: number;
  functionRequests: number;
  functionGbSeconds: number;
  /** Units of the table. */
  reads: number;
  writes: number;
  queueRequests: number;
  logGigabytes: number;
}

/** Dollars, by what was used. */
export interface UsageCost {
  gateway: number;
  functions: number;
  table: number;
  queue: number;
  logs: number;
}

const hourMs = 3_600_000;

/** Says what a month costs in which as much is used as in these milliseconds. */
export function usageMonth(used: Usage, duringMs: number): UsageCost {
  const times = (hoursOfMonth * hourMs) / duringMs;
  const { gatewayRequest, lambdaRequest, lambdaGbSecond, dynamoRead, dynamoWrite, sqsRequest, logGb } =
    prices;
  return {
    gateway: times * used.gatewayRequests * gatewayRequest,
    functions: times * (used.functionRequests * lambdaRequest + used.functionGbSeconds * lambdaGbSecond),
    table: times * (used.reads * dynamoRead + used.writes * dynamoWrite),
    queue: times * used.queueRequests * sqsRequest,
    logs: times * used.logGigabytes * logGb,
  };
}
