/**
 * Is what the CDK app and the Lambdas must agree on: environment variables, controller groups, names, limits. One of
 * the few things that infra/ imports of the product.
 */

/** Environment variables of the Lambdas. infra/ sets them, config.ts reads them. */
export const environment = {
  /** Name of the deployment, for example `dev`: prefix of names and value of the tag. */
  deployment: 'SHALLOP_DEPLOYMENT',
  /** DynamoDB table of the objects. */
  table: 'SHALLOP_TABLE',
  /** ARN or id of the KMS key that wraps data keys. */
  kmsKey: 'SHALLOP_KMS_KEY',
  /** Comma-separated items of kube-apiserver's flags of these names; absent: what Kubernetes has on is on. */
  featureGates: 'SHALLOP_FEATURE_GATES',
  runtimeConfig: 'SHALLOP_RUNTIME_CONFIG',
  /** Time since which keys of service-account tokens are good; absent: all are. */
  tokensSince: 'SHALLOP_TOKENS_SINCE',
  /** Cluster id that presigned tokens must carry (`x-k8s-aws-id`). */
  clusterId: 'SHALLOP_CLUSTER_ID',
  /** ARN of the principal that deployed: cluster admin. */
  creatorArn: 'SHALLOP_CREATOR_ARN',
  /** Access entries, JSON as in EKS CreateAccessEntry. */
  accessEntries: 'SHALLOP_ACCESS_ENTRIES',
  /** `https://host` under which Pods reach the API; absent without a custom domain. */
  podApiUrl: 'SHALLOP_POD_API_URL',
  /** Seconds between two tellings of what a Pod uses; absent: nobody measures Pods. */
  podMetrics: 'SHALLOP_POD_METRICS',
  /** URL of the SQS queue of all work. */
  queue: 'SHALLOP_QUEUE',
  /** EventBridge bus that gets object changes; absent: none are published. */
  eventBus: 'SHALLOP_EVENT_BUS',
  ecsCluster: 'SHALLOP_ECS_CLUSTER',
  /** Comma-separated `subnet=zone` pairs, for virtual Nodes and their tasks. */
  zones: 'SHALLOP_ZONES',
  /** The same for load balancers; absent: they stand where tasks do. */
  balancerZones: 'SHALLOP_BALANCER_ZONES',
  vpc: 'SHALLOP_VPC',
  /** Security group of tasks. */
  podSecurityGroups: 'SHALLOP_POD_SECURITY_GROUPS',
  /** Security group of load balancers. */
  loadBalancerSecurityGroup: 'SHALLOP_LOAD_BALANCER_SECURITY_GROUP',
  /** `true`: tasks get public addresses (public subnets, no NAT). */
  publicIp: 'SHALLOP_PUBLIC_IP',
  /** CloudWatch log group of the containers. */
  logGroup: 'SHALLOP_POD_LOG_GROUP',
  /** Role with which ECS pulls images and reads secrets. */
  executionRole: 'SHALLOP_EXECUTION_ROLE',
  /** Role of Pods whose service account names none. */
  taskRole: 'SHALLOP_TASK_ROLE',
  /** Architecture of Pods that select none: `amd64` or `arm64`. */
  architecture: 'SHALLOP_ARCHITECTURE',
  drainSeconds: 'SHALLOP_DRAIN_SECONDS',
  /** Image of the small containers that write projected files, ask for tokens and probe. */
  projectorImage: 'SHALLOP_PROJECTOR_IMAGE',
  /** ARN of the function in which requests to sleeping Services wait; absent: none is scaled to zero. */
  activator: 'SHALLOP_ACTIVATOR',
  /** `true`: X-Ray is told of requests and of what controllers look at. */
  tracing: 'SHALLOP_TRACING',
  /** CloudWatch log group of the audit log; absent: none is kept. */
  auditLogGroup: 'SHALLOP_AUDIT_LOG_GROUP',
  /** Route 53 private zone for `cluster.local`. */
  hostedZone: 'SHALLOP_HOSTED_ZONE',
} as const;

/** Is what the API's function finds the audit policy under, beside its code: variables are too short for one. */
export const auditPolicyFile = 'audit-policy.json';

/** Controllers by what they may touch: each group has its Lambda and its role. */
export const controllerGroups = ['workloads', 'pods', 'services', 'secrets'] as const;
export type ControllerGroup = (typeof controllerGroups)[number];

/** Attribute of a message that names the group it is for. */
export const groupAttribute = 'group';

export const reconcilerOf = (group: ControllerGroup) => `reconcile-${group}` as const;

/**
 * Says how long each may take, in seconds. Each waits longer than the one it waits for, so that an answer is always
 * received, and a message becomes visible again only when no function works on it any more.
 */
export const seconds = { reconcile: 60, invoke: 70, route: 80, visibility: 90 } as const;

/** Says how often a message is tried before SQS sets it aside. */
export const mostTries = 8;

/**
 * Metrics that functions tell CloudWatch, beside those of the services. Each costs $0.30 in a month in which something of
 * it happens.
 */
export const functionMetrics = {
  namespace: 'shallop',
  /** Its value is `shallop-dev`. */
  dimension: 'service',
  names: ['FunctionFailures', 'EcsRefusals', 'PodsNotStarting', 'RequestsUnanswered'],
} as const;
export type FunctionMetric = (typeof functionMetrics.names)[number];

/** Is what ECS says of tasks, which comes into the queue without an attribute. */
export { taskEventType } from './drivers/pods/taskEventType.ts';
/** Tags on everything made at run time; the sweeper and the drain find it by them. */
export { tags } from './drivers/tags.ts';
/** Names that alarms and `shallop status --aws` know too. */
export { functionName } from './watched/index.ts';
