import { matchesGlob } from 'node:path/posix';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';

/** Nothing listens there: where the control plane says that the next connection goes. */
export async function whereTo(
  { elb }: { elb: ElasticLoadBalancingV2Client },
  hostname: string,
  port: number,
  turn: number,
): Promise<string | undefined> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const LoadBalancerArn = LoadBalancers.find(({ DNSName }) => DNSName === hostname)?.LoadBalancerArn;
  if (!LoadBalancerArn) return undefined;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const listener = Listeners.find(({ Port }) => Port === port);
  return targetOf(elb, listener?.DefaultActions?.[0]?.TargetGroupArn, turn);
}

async function targetOf(
  elb: ElasticLoadBalancingV2Client,
  TargetGroupArn: string | undefined,
  turn: number,
): Promise<string | undefined> {
  if (!TargetGroupArn) return undefined;
  const { TargetHealthDescriptions = [] } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  const targets = TargetHealthDescriptions.filter((t) => t.TargetHealth?.State === 'healthy');
  const target = targets[turn % targets.length]?.Target;
  return target && `${target.Id}:${target.Port}`;
}

/** What a load balancer for HTTP answers, by its rules; the emulator's own data plane needs targets that run. */
export async function answerOf(
  { elb }: { elb: ElasticLoadBalancingV2Client },
  hostname: string,
  host: string,
  path: string,
): Promise<string | undefined> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const LoadBalancerArn = LoadBalancers.find(({ DNSName }) => DNSName === hostname)?.LoadBalancerArn;
  if (!LoadBalancerArn) return undefined;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: Listeners[0]?.ListenerArn }));
  const ordered = Rules.filter((r) => !r.IsDefault).sort((a, b) => Number(a.Priority) - Number(b.Priority));
  const rule = ordered.find(({ Conditions = [] }) =>
    Conditions.every(
      (c) =>
        (c.HostHeaderConfig?.Values ?? [host]).includes(host) &&
        (c.PathPatternConfig?.Values ?? [path]).some((pattern) => matchesGlob(path, pattern)),
    ),
  );
  const action = rule?.Actions?.[0] ?? Rules.find((r) => r.IsDefault)?.Actions?.[0];
  const status = action?.FixedResponseConfig?.StatusCode;
  return status ?? (await targetOf(elb, action?.TargetGroupArn, 0)) ?? '503';
}
