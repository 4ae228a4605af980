/**
 * What AWS asks for in us-east-1, in dollars, without free tiers, as of the middle of 2026. The only place with prices:
 * other Regions differ by up to a third.
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
  schedulerInvocation: 1 / 1e6,
  /** ARM, per GB and second. */
  lambdaGbSecond: 0.0000133334,
  /** Per month. */
  kmsKey: 1,
  hostedZone: 0.5,
  alarm: 0.1,
  storageGb: 0.25,
  secret: 0.4,
} as const;

export const hoursOfMonth = 730;
