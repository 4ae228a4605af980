/** Of the AWS Load Balancer Controller. */
export const prefix = 'alb.ingress.kubernetes.io/';

const known = new Set([
  'scheme',
  'target-type',
  'ip-address-type',
  'load-balancer-name',
  'subnets',
  'security-groups',
  'inbound-cidrs',
  'certificate-arn',
  'ssl-policy',
  'listen-ports',
  'ssl-redirect',
  'backend-protocol',
  'healthcheck-protocol',
  'healthcheck-port',
  'healthcheck-path',
  'healthcheck-interval-seconds',
  'healthcheck-timeout-seconds',
  'healthy-threshold-count',
  'unhealthy-threshold-count',
  'success-codes',
  'load-balancer-attributes',
  'target-group-attributes',
  'tags',
]);

/** Others are refused: who asks for a login or a firewall and gets neither would be open to all. */
export const isKnown = (key: string): boolean => known.has(key);
