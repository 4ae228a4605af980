import type { Experiment } from '../experiment.ts';
import { podOf } from '../site.ts';

/** How names are looked up in a container, which rests on the VPC's DHCP options (findings D6). */
export const resolvConf: Experiment = {
  name: 'resolv-conf',
  question:
    'Which search domains and which `ndots` has a container, and which names of a Service does it find?',
  emulatorLacks: 'runs no containers',
  run: async ({ kubectl, image }) => {
    const names = [
      'kubernetes.default.svc.cluster.local',
      'kubernetes.default.svc',
      'kubernetes.default',
      'kubernetes',
    ];
    const tries = names.map(
      (name) => `nslookup ${name} >/dev/null 2>&1 && echo found ${name} || echo lost ${name}`,
    );
    await kubectl(['apply', '-f', '-'], podOf('names', image, ['cat /etc/resolv.conf', ...tries].join('; ')));
    await kubectl(['wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/names', '--timeout=180s']);
    const said = await kubectl(['logs', 'names']);
    await kubectl(['delete', 'pod', 'names', '--wait=false']);
    const whole = said.includes(`found ${names[0]}`);
    return { judgement: whole ? 'holds' : 'differs', says: said.trim().split('\n').join(' | ') };
  },
};
