/**
 * Is what AWS asks for in us-east-1, in dollars, without free tiers, as of the middle of 2026. The only place with
 * prices: other Regions differ by up to a third.
 */
export const prices = {
  /** Per unit: 4 KB read consistently, 1 KB written. */
  dynamoRead: 0.125 / 1e6,
  dynamoWrite: 0.625 / 1e6,
  /** Per call. */
  gatewayRequest: 3.5 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  sqsRequest: 0.4 / 1e6,
  kmsRequest: 3 / 1e6,
  secretsManagerCall: 5 / 1e6,
  eventBridgeEvent: 1 / 1e6,
  /** A metric that is asked for. */
  metricRead: 0.01 / 1_000,
  /** A page of what Cost Explorer answers. */
  costsRead: 0.01,
  schedulerInvocation: 1 / 1e6,
  /** ARM, per GB and second. */
  lambdaGbSecond: 0.0000133334,
  /** Per month. */
  kmsKey: 1,
  hostedZone: 0.5,
  alarm: 0.1,
  dashboard: 3,
  metric: 0.3,
  storageGb: 0.25,
  /** A GB that is written into a log group. */
  logGb: 0.5,
  secret: 0.4,
  /** Per hour. Tasks: of a vCPU, and of a GB. */
  task: { amd64: { cpu: 0.04048, gb: 0.004445 }, arm64: { cpu: 0.03238, gb: 0.00356 } },
  publicAddress: 0.005,
  natGateway: 0.045,
  /** A t4g.nano with its disk of 8 GB. */
  natInstance: 0.0042 + (8 * 0.08) / 730,
  /** Network and application load balancers alike, without what passes. */
  loadBalancer: 0.0225,
  eksControlPlane: 0.1,
  /** Is what Spot asks of the price on demand. It moves with the supply. */
  spotShare: 0.3,
  /** Starting one Pod of a Deployment, with all that follows in the control plane (`npm run bench:aws`). */
  podStart: 124 / 1e6,
  /** A deployment at rest, without what is always free (`npm run bench:aws`). */
  atRestMonth: 2.33,
  /** The part of it that is for use: looks of the resync, and Lambda's into the queue. */
  atRestUseMonth: 0.4,
} as const;

export const hoursOfMonth = 730;
