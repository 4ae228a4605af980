import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsCore } from '../../../src/aws/core.ts';
import { openDynamoStorage } from '../../../src/aws/drivers/dynamodb/index.ts';
import { presignedToken } from '../../../src/aws/iam/presign.ts';
import { auditPolicyFile, environment } from '../../../src/aws/names.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import { bootstrap } from '../../../src/shared/controllers/logicalcluster/bootstrap.ts';
import type { Storage } from '../../../src/shared/ports/storage.ts';
import {
  openStreamingFront,
  type StreamingFront,
  type StreamingFrontOptions,
} from '../../../tools/emulator/streamingFront.ts';
import { execute, type Said } from '../plane.ts';
import { fakeAuditLogs } from './fakeAuditLogs.ts';
import { openFakeSessions } from './fakeSessions.ts';
import { openFakeSts } from './fakeSts.ts';
import { fakeTaskLogs } from './fakeTaskLogs.ts';
import { serveJson } from './jsonService.ts';
import { simulatedCore } from './simulatedCore.ts';

const account = '111122223333';
const policy = (name: string) => `arn:aws:eks::aws:cluster-access-policy/AmazonEKS${name}Policy`;

/** Who may sign in, by access key id. */
const principals = {
  ADMIN: `arn:aws:sts::${account}:assumed-role/admin/s`,
  VIEWER: `arn:aws:iam::${account}:user/viewer`,
  STRANGER: `arn:aws:iam::${account}:user/stranger`,
};
export type Principal = keyof typeof principals;

const accessEntries = [
  {
    principalArn: principals.VIEWER,
    username: 'viewer',
    accessPolicies: [
      { policyArn: policy('View'), accessScope: { type: 'namespace', namespaces: ['default'] } },
    ],
  },
];

interface Asked {
  who?: Principal;
  /** A logical cluster. */
  cluster?: string;
}

export interface Deployment {
  front: StreamingFront;
  /** Another process on the same table, with all rights: what the reconcilers are. */
  core: AwsCore;
  /** The same table, seen as soon as streams would tell of it. */
  storage: Storage;
  /** A line of the output of container `c` of the task `t1`. */
  print(text: string): void;
  /** Where the audit log goes. */
  audit: ReturnType<typeof fakeAuditLogs>;
  /** How many sessions there are in it now. */
  sessions(): number;
  /** What DynamoDB was asked since the last call. */
  operations(): string[];
  /** How often STS was asked. */
  stsCalls(): number;
  token(who: Principal): string;
  /** A kubeconfig file with a token of this moment. */
  kubeconfig(asked?: Asked): string;
  kubectl(args: string[], options?: Asked & { input?: string }): Promise<Said>;
  close(): Promise<void>;
}

/** What a deployment here may choose. */
interface DeploymentOptions extends Omit<StreamingFrontOptions, 'environment'> {
  auditPolicy?: object;
}

export const auditGroup = '/shallop/test/audit';
const auditCalls = ['CreateLogStream', 'PutLogEvents'];

/** The API's bundle behind a streaming gateway, over a simulated table and a simulated STS. */
export async function openDeployment(
  kubectl: string,
  { auditPolicy, ...options }: DeploymentOptions = {},
): Promise<Deployment> {
  const { core, simulator } = simulatedCore(systemClock);
  const storage = openDynamoStorage({
    client: simulator.connect().client,
    table: 'shallop',
    clock: systemClock,
    ids: seededIds(3),
    timings: { pollMs: 20 },
  });
  let asked: string[] = [];
  const dynamo = await serveJson((operation, input) => {
    asked.push(operation);
    return simulator.operations.perform(operation, input);
  });
  const sessions = await openFakeSessions();
  const logs = fakeTaskLogs(sessions);
  const audit = fakeAuditLogs();
  const cloud = await serveJson((operation, input) =>
    auditCalls.includes(operation) ? audit.answer(operation, input) : logs.answer(operation, input),
  );
  const folder = mkdtempSync(join(tmpdir(), 'shallop-deployment-'));
  if (auditPolicy) writeFileSync(join(folder, auditPolicyFile), JSON.stringify(auditPolicy));
  const sts = await openFakeSts(principals);
  await bootstrap(core.clients('default'), { env: core.environment, clock: systemClock }, true);
  const front = await openStreamingFront({
    ...options,
    environment: {
      [environment.deployment]: 'test',
      [environment.table]: 'shallop',
      [environment.clusterId]: 'shallop-test',
      [environment.creatorArn]: principals.ADMIN,
      [environment.accessEntries]: JSON.stringify(accessEntries),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'function',
      AWS_SECRET_ACCESS_KEY: 'function',
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
      AWS_ENDPOINT_URL_STS: sts.endpoint,
      [environment.ecsCluster]: 'tasks',
      [environment.zones]: 'subnet-1=us-east-1a',
      [environment.podSecurityGroups]: 'sg-1',
      [environment.logGroup]: '/pods',
      [environment.executionRole]: 'arn:aws:iam::111122223333:role/execution',
      [environment.projectorImage]: 'busybox',
      AWS_ENDPOINT_URL_ECS: cloud.endpoint,
      AWS_ENDPOINT_URL_SSM: cloud.endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: cloud.endpoint,
      ...(auditPolicy && { LAMBDA_TASK_ROOT: folder, [environment.auditLogGroup]: auditGroup }),
    },
  });
  const token = (who: Principal) =>
    presignedToken({
      credentials: { accessKeyId: who, secretAccessKey: 'secret' },
      region: 'us-east-1',
      clusterId: 'shallop-test',
      now: Date.now(),
    });
  const fileFor = ({ who = 'ADMIN', cluster }: Asked = {}) => {
    const file = join(folder, `${who}-${cluster ?? 'default'}`);
    const server = front.url + (cluster ? `/clusters/${cluster}` : '');
    writeFileSync(file, kubeconfig(server, front.ca, token(who)), { mode: 0o600 });
    return file;
  };
  return {
    front,
    core,
    storage,
    print: logs.print,
    audit,
    sessions: sessions.running,
    operations: () => {
      const since = asked;
      asked = [];
      return since;
    },
    stsCalls: () => sts.asked.length,
    token,
    kubeconfig: fileFor,
    kubectl: (args, { input, ...asked } = {}) => {
      const env = { ...process.env, KUBECONFIG: fileFor(asked), KUBECACHEDIR: join(folder, 'cache') };
      return execute(kubectl, args, env, input);
    },
    close: async () => {
      await Promise.all([front.close(), dynamo.close(), cloud.close(), sessions.close(), sts.close()]);
      await Promise.all([core.storage.close(), storage.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const kubeconfig = (server: string, ca: string, token: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [
      { name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: 'test', user: { token } }],
  });
