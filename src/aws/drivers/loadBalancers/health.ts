import type { TargetHealth } from '../../../shared/ports/cloud.ts';
import type { Api } from './api.ts';
import { isTargetGroupOf } from './names.ts';
import { again, targetGroupsOf, targetHealth } from './observe.ts';

/** The first that a target group says of an address counts. One that nothing leads to says least. */
const worstFirst: TargetHealth[] = ['unhealthy', 'initial', 'draining', 'healthy', 'unused'];

/** Returns how each address stands with all target groups of an owner: two calls, and one for each group. */
export const healthOf = (api: Api, owner: string): Promise<Map<string, TargetHealth>> =>
  again(async () => {
    const groups = (await targetGroupsOf(api)).filter(({ TargetGroupName = '' }) =>
      isTargetGroupOf(owner, TargetGroupName),
    );
    const all = await Promise.all(groups.map(({ TargetGroupArn = '' }) => targetHealth(api, TargetGroupArn)));
    const states = new Map<string, TargetHealth>();
    for (const { Target, TargetHealth } of all.flat()) {
      const address = Target?.Id ?? '';
      const said = [states.get(address), healthNamed(TargetHealth?.State)];
      states.set(address, worstFirst.find((each) => said.includes(each))!);
    }
    return states;
  });

/** Targets in other states of ELBv2 (`unavailable`, `unhealthy.draining`) get no new connections. */
const healthNamed = (state: string | undefined): TargetHealth =>
  worstFirst.find((each) => each === state) ?? 'unhealthy';
