import { type AwsCore, type AwsCoreOptions, openAwsCore } from '../../../src/aws/core.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import { Simulator } from '../dynamodb/simulator.ts';
import { knownTable } from './deployedFormats.ts';

/** The control plane's core over a simulated table. `beside`: another process on the same table. */
export function simulatedCore(
  clock: Clock,
  options: Partial<AwsCoreOptions> = {},
  simulator = new Simulator({ clock, ids: seededIds(1) }),
): { core: AwsCore; simulator: Simulator; beside(): AwsCore } {
  const open = (seed: number) =>
    openAwsCore({
      config: { deployment: 'test', table: 'shallop' },
      dynamo: knownTable(simulator.connect().client, true),
      clock,
      ids: seededIds(seed),
      log: silentLogger,
      ...options,
    });
  let processes = 2;
  return { core: open(processes), simulator, beside: () => open(++processes) };
}
