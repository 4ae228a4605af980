import type { KubeObject } from '../kube/objects.ts';

/** Describes a socket that a program of a Pod listens with. */
export interface Listening {
  /** Empty: every address. */
  address: string;
  port: number;
}

/** Is what is looked at of a Pod whose programs listen somewhere. */
export interface ListeningPod extends KubeObject {
  spec: {
    containers: {
      image?: string;
      env?: { name: string; value?: string }[];
      ports?: { containerPort: number }[];
    }[];
  };
  status?: {
    podIP?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { state?: { running?: object } }[];
  };
}

/** Returns the port that a program of ours was told. */
export const toldPort = ({ spec }: ListeningPod): number | undefined =>
  Number(spec.containers[0]?.env?.find(({ name }) => name === 'PORT')?.value) || undefined;

/** Is what can be told of a program that has not answered yet. */
export type Verdict =
  | { kind: 'nothing' | 'asTold' }
  /** It takes another port than it was told. */
  | { kind: 'elsewhere'; port: number }
  /** Nobody but itself reaches it. */
  | { kind: 'unreachable'; at: Listening };

/**
 * Judges where a program listens that was told `port` in a Pod at `ip`. Of several ports the one that the project exposes
 * goes first, then the lowest.
 */
export function judgeListening(
  sockets: Listening[],
  { port, ip, exposed }: { port: number; ip: string | undefined; exposed: number | undefined },
): Verdict {
  const reached = sockets.filter(({ address }) => address === '' || address === ip);
  if (reached.some((each) => each.port === port)) return { kind: 'asTold' };
  const ports = reached.map((each) => each.port).sort((a, b) => a - b);
  const own = ports.find((each) => each === exposed) ?? ports[0];
  if (own !== undefined) return { kind: 'elsewhere', port: own };
  const at = sockets.find((each) => each.port === port) ?? sockets[0];
  return at ? { kind: 'unreachable', at } : { kind: 'nothing' };
}
