import type { Pod } from '../../kinds/schema/types.ts';

/** A port of its Node that a Pod asks for. */
export interface HostPort {
  ip: string;
  port: number;
  protocol: string;
}

const everyAddress = '0.0.0.0';

/** The ports of its Node that the containers and sidecars of a Pod ask for. */
export const hostPorts = ({ spec }: Pod): HostPort[] =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? []).filter(isSidecar)].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, hostIP, protocol = 'TCP' }) =>
      hostPort ? [{ ip: hostIP || everyAddress, port: hostPort, protocol }] : [],
    ),
  );

/** Can only one of them have it? */
export const collide = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port &&
  a.protocol === b.protocol &&
  (a.ip === b.ip || a.ip === everyAddress || b.ip === everyAddress);

const isSidecar = ({ restartPolicy }: { restartPolicy?: string }) => restartPolicy === 'Always';
