/** A kind of rollout. */
export interface RolloutOptions {
  /** What connections come by; `both`: a Pod waits for two load balancers. Default: the one of a Service. */
  by?: 'service' | 'ingress' | 'both';
  replicas: number;
  /** Whether containers have a hook that sleeps. */
  preStop: boolean;
  /**
   * Whether tasks are taken away by Spot meanwhile. `late`: connections come to them for as long as users measured at
   * worst, which with the time that it takes to hear of the warning is more than its two minutes.
   */
  spot: boolean | 'late';
}

const choose = <T>(choices: readonly T[], at: number): T => choices[at % choices.length]!;

/** Every kind of rollout in turn: 18 of them. */
export function optionsFor(seed: number, replicas: number): RolloutOptions {
  return {
    by: choose(['service', 'ingress', 'both'], seed),
    replicas,
    preStop: choose([false, true], Math.floor(seed / 3)),
    spot: choose([false, true, 'late'], Math.floor(seed / 6)),
  };
}

/** How a kind of rollout is called in what is counted. */
export const nameOf = ({ by = 'service', replicas, preStop, spot }: RolloutOptions) =>
  [`${replicas} by ${by}`, preStop && 'preStop', spot && (spot === 'late' ? 'late Spot' : 'Spot')]
    .filter(Boolean)
    .join(', ');
