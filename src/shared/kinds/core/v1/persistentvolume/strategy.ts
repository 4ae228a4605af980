import { formatTime } from '../../../../clock/clock.ts';
import type { StrategyContext } from '../../../kind.ts';
import type { PersistentVolume } from '../../../schema/types.ts';

export function prepareForCreate(volume: PersistentVolume, { clock }: StrategyContext): void {
  volume.status = { phase: 'Pending', lastPhaseTransitionTime: formatTime(clock.now()) };
}
