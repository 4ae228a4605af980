import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { randomIds } from '../../shared/clock/randomIds.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';
import { type Env, required } from '../config.ts';
import { loadBalancerClients } from '../drivers/loadBalancers/clients.ts';
import { route53Client } from '../drivers/names/client.ts';
import { fargateClients } from '../drivers/pods/clients.ts';
import { secretsManagerClient } from '../drivers/secrets/client.ts';
import { allStages } from '../drivers/sweep/stages.ts';
import { efsClient } from '../drivers/volumes/client.ts';
import { environment } from '../names.ts';
import { functionLogger } from '../observability/logger.ts';
import { drain } from './drainEvents.ts';

/** Builds the drain from the environment. Throws what names a wrong variable. */
export function openDrain(env: Env) {
  const [clock, ids] = [systemClock, randomIds];
  const log = functionLogger();
  const stages = allStages({
    ...loadBalancerClients(),
    route53: route53Client(),
    ecs: fargateClients().ecs,
    secretsManager: secretsManagerClient(),
    efs: efsClient(),
    deployment: required(env, environment.deployment),
    vpc: required(env, environment.vpc),
    securityGroup: required(env, environment.loadBalancerSecurityGroup),
    cluster: required(env, environment.ecsCluster),
    hostedZone: required(env, environment.hostedZone),
    clock,
    ids,
  });
  return drain({ stages, clock, log, answer: putAnswer });
}

/** The URL is signed for a request without a content type. */
const putAnswer = (url: string, body: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? request : plainRequest;
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const sent = send(url, { method: 'PUT', headers }, (answer) => {
      answer.resume();
      const { statusCode = 0 } = answer;
      if (statusCode < 300) answer.on('end', resolve);
      else reject(new Error(`CloudFormation refused the answer: ${statusCode}`));
    });
    sent.on('error', reject);
    sent.end(body);
  });
