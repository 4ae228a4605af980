/**
 * A deployment on this machine: MiniStack or another endpoint that AWS_ENDPOINT_URL names, the CDK app deployed into it,
 * and what emulators lack bridged (docs/aws.md has the table). For `npm run aws:local` and for tests.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { unzipSync } from 'fflate';
import { cdk, contextArgs } from '../cdk.ts';
import { freePort } from '../freePort.ts';
import { protect } from '../table.ts';
import { type EcsBridge, openEcsBridge } from './ecsBridge.ts';
import { emulatorEnvironment, type MiniStack, startMiniStack } from './ministack.ts';
import { openStreamingFront, type StreamingFront } from './streamingFront.ts';

export interface LocalCloudOptions {
  /** Name of the deployment. */
  name: string;
  context?: Record<string, string>;
  /** An earlier checkout with its packages, which is deployed first; what is deployed again is this one. */
  earlier?: string;
  /** Of MiniStack; absent: any free one. Ignored where AWS_ENDPOINT_URL is set. */
  port?: number;
  /** Another address that functions call in the emulator's place: a recorder, on the same port. */
  between?: (upstream: { endpoint: string; ecs: string }) => Promise<{ host: string }>;
  /** What is begun, in words. */
  step?(what: string): void;
  /** What the CDK says meanwhile. */
  say(line: string): void;
}

export interface LocalCloud {
  name: string;
  /** Of every service, but ECS where it is bridged. */
  endpoint: string;
  /** How SDKs reach it. */
  env: Record<string, string>;
  /** Speaks for the API Gateway: `https://127.0.0.1:…/k8s`. */
  front: StreamingFront;
  clusterId: string;
  /** Absent at an endpoint of the user's own. */
  bridge?: EcsBridge;
  /** What the schedule does each minute, now; `whole`: looks at everything, as it does every ten minutes. */
  resync(whole?: boolean): Promise<void>;
  /** Deploys it again, with this beside its context; `front` is another one then. */
  redeploy(context: Record<string, string>): Promise<void>;
  /** `cdk destroy`. */
  destroy(): Promise<void>;
  close(): Promise<void>;
}

/** Deploys and opens the front. Sets AWS_* in this process, for SDK clients made later. */
export async function openLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { name, say, step = say } = options;
  const own = process.env.AWS_ENDPOINT_URL ? undefined : await openEmulator(options);
  const endpoint = own?.ministack.endpoint ?? process.env.AWS_ENDPOINT_URL!;
  const env: Record<string, string> = {
    ...emulatorEnvironment(endpoint),
    ...(own && { AWS_ENDPOINT_URL_ECS: own.bridge.url }),
  };
  Object.assign(process.env, env);
  const output = mkdtempSync(join(tmpdir(), 'shallop-cdk-'));
  const deploy = async (more: Record<string, string> = {}, cwd?: string) => {
    const context = { name, ...withoutUnknown, ...options.context, ...more };
    const args = ['--output', output, ...(await contextArgs(context))];
    const from = cwd === undefined ? { say } : { say, cwd };
    await cdk(['deploy', '--require-approval', 'never', '--progress', 'events', ...args], from);
    const front = await openFront(name, { ...env, ...own?.functionEnv });
    // Else the first minute would pass before there are namespaces.
    await resync(name, true);
    return front;
  };
  try {
    step('preparing the emulated account (cdk bootstrap)');
    // Elsewhere than where cdk.json is: it would synthesise the app for nothing.
    await cdk(['bootstrap', `aws://${account}/${env.AWS_REGION}`], { say, cwd: output });
    step('bundling the functions, deploying the stack (cdk deploy), opening the API');
    const cloud: LocalCloud = {
      name,
      endpoint,
      env,
      front: await deploy({}, options.earlier),
      clusterId: await outputOf(name, 'ClusterId'),
      ...(own && { bridge: own.bridge }),
      resync: (whole = true) => resync(name, whole),
      redeploy: async (more) => {
        await cloud.front.close();
        cloud.front = await deploy(more);
      },
      // What was deployed, not what the sources are by now.
      destroy: async () => {
        await protect(`shallop-${name}`, false);
        await cdk(['destroy', '--force', '--app', output], { say });
      },
      close: async () => {
        await cloud.front.close();
        await own?.close();
        rmSync(output, { recursive: true, force: true });
      },
    };
    return cloud;
  } catch (error) {
    await own?.close();
    throw error;
  }
}

const account = '000000000000';
/** By which the API's calls are told from those of other functions, in their `user-agent`. */
export const apiAppId = 'shallop-api';
/** MiniStack's CloudFormation does not know DHCP options, and its load balancers have nothing to drain. */
const withoutUnknown = { searchDomains: 'false', drainSeconds: '2' };

interface Emulator {
  ministack: MiniStack;
  bridge: EcsBridge;
  /** Where functions reach it. */
  functionEnv: Record<string, string>;
  close(): Promise<void>;
}

/** The functions reach ECS by the bridge, as by a VPC endpoint: they have its address from the emulator's environment. */
async function openEmulator({ port, between, say, step = say }: LocalCloudOptions): Promise<Emulator> {
  step('starting MiniStack (the first time it is installed: half a minute)');
  const chosen = port ?? (await freePort());
  const endpoint = `http://127.0.0.1:${chosen}`;
  const bridge = await openEcsBridge({ endpoint });
  const host = (await between?.({ endpoint, ecs: bridge.url }))?.host;
  const other = host && `http://${host}:${chosen}`;
  const functionEnv: Record<string, string> = other
    ? { AWS_ENDPOINT_URL: other, AWS_ENDPOINT_URL_ECS: other }
    : { AWS_ENDPOINT_URL_ECS: bridge.url };
  const ministack = await startMiniStack({
    port: chosen,
    // The host is for URLs of queues, which the SDK calls whatever its endpoint is.
    env: { ...functionEnv, ...(host && { MINISTACK_HOST: host }) },
  });
  return {
    ministack,
    bridge,
    functionEnv,
    close: async () => {
      await bridge.close();
      ministack.stop();
    },
  };
}

/** Runs the deployed function's own code with its deployed environment. */
async function openFront(name: string, env: Record<string, string>): Promise<StreamingFront> {
  const FunctionName = `shallop-${name}-api`;
  const { Code, Configuration } = await new LambdaClient({}).send(new GetFunctionCommand({ FunctionName }));
  const zip = await fetch(Code!.Location!);
  if (!zip.ok) throw new Error(`the code of ${FunctionName} cannot be had: ${zip.status}`);
  const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
  const folder = mkdtempSync(join(tmpdir(), 'shallop-function-'));
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  const front = await openStreamingFront({
    bundle: join(folder, 'index.mjs'),
    environment: {
      ...env,
      ...Configuration?.Environment?.Variables,
      LAMBDA_TASK_ROOT: folder,
      AWS_SDK_UA_APP_ID: apiAppId,
    },
    stage: 'k8s',
  });
  return {
    ...front,
    close: async () => {
      await front.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function resync(name: string, whole: boolean): Promise<void> {
  const FunctionName = `shallop-${name}-resync`;
  const { FunctionError, Payload } = await new LambdaClient({}).send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify({ whole })) }),
  );
  if (FunctionError) throw new Error(`${FunctionName}: ${Buffer.from(Payload ?? []).toString()}`);
}

async function outputOf(name: string, key: string): Promise<string> {
  const { Stacks } = await new CloudFormationClient({}).send(
    new DescribeStacksCommand({ StackName: `shallop-${name}` }),
  );
  const value = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  if (!value) throw new Error(`the stack shallop-${name} has no output ${key}`);
  return value;
}
