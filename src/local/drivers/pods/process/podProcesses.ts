import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import type { PodRef } from '../../../../shared/ports/cloud.ts';
import type { PodNetwork } from '../../podNetwork.ts';
import type { Run } from '../sandbox.ts';
import { readControlFile } from './controlFile.ts';
import { type ControlGroups, findControlGroups } from './controlGroups.ts';
import { sendSignal } from './identity.ts';
import { belonging, readProcessTable } from './processTable.ts';
import { runEnvironment } from './runFolder.ts';
import { createStrayHunter } from './strays.ts';

/** Finds and ends what belongs to Pods, however it has hidden itself. */
export interface PodProcesses {
  /** The control group that a run is to be started in; '' where there are none. */
  groupFor(run: Run): Promise<string>;
  /** Ends everything of a run; `roots` are processes of it that are known to be its. */
  endRun(run: Run, roots: number[]): Promise<void>;
  endPod(ref: PodRef): Promise<void>;
  ofPod(ref: PodRef): Promise<number[]>;
  /** As of endRun(). */
  ofRun(run: Run, roots: number[]): Promise<number[]>;
}

export interface PodProcessesOptions {
  /** Holds the Pods' folders. */
  home: string;
  network: PodNetwork;
  sh: string;
  clock: Clock;
}

const rounds = 20;

export function openPodProcesses({ home, network, sh, clock }: PodProcessesOptions): PodProcesses {
  const instance = `shallop-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;
  const hunt = createStrayHunter();
  let finding: Promise<ControlGroups | undefined> | undefined;
  const groups = () => (finding ??= findControlGroups(instance, sh, clock));
  const noteOf = ({ uid }: PodRef) => join(home, uid, 'group');

  /** The group that was made for a Pod, by whichever control plane; a program may have written another into the note. */
  const groupOf = (ref: PodRef): string | undefined => {
    const noted = readControlFile(noteOf(ref))?.text;
    const own = noted?.endsWith(join(sep, instance, ref.uid)) && !noted.split(sep).includes('..');
    return own ? noted : undefined;
  };

  /** Those that have the Pod's network to themselves. */
  async function endInNetwork(ref: PodRef): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const pids = (await network.processes?.(ref)) ?? [];
      if (!pids.length) return;
      for (const pid of pids) sendSignal(pid, 'SIGKILL');
      await clock.sleep(5);
    }
  }

  let reading: ReturnType<typeof readProcessTable> | undefined;
  /** Those who ask at once, as for the use of all Pods, share one look at all processes. */
  const sharedTable = () => {
    reading ??= readProcessTable(runEnvironment).finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return {
    async groupFor({ ref, container, number }) {
      const found = await groups();
      if (!found) return '';
      let group = groupOf(ref);
      if (!group) {
        group = found.place(ref.uid);
        // Before it is made: one that no note names would stay for ever.
        await writeFile(noteOf(ref), group, { mode: 0o600 });
      }
      const own = join(group, `${container}.${number}`);
      await mkdir(own, { recursive: true });
      return own;
    },
    async endRun({ ref, container, number }, roots) {
      const group = groupOf(ref);
      const found = group && (await groups());
      if (found) await found.end(join(group, `${container}.${number}`));
      else await hunt(join(home, ref.uid, container, String(number)), roots);
    },
    async ofPod(ref) {
      const group = groupOf(ref);
      const found = group && (await groups());
      if (found) return found.processes(group);
      return belonging(await readProcessTable(runEnvironment), [join(home, ref.uid)], []);
    },
    async ofRun({ ref, container, number }, roots) {
      const group = groupOf(ref);
      const found = group && (await groups());
      if (found) return found.processes(join(group, `${container}.${number}`));
      const table = await sharedTable();
      return belonging(table, [join(home, ref.uid, container, String(number))], roots);
    },
    async endPod(ref) {
      const group = groupOf(ref);
      const found = group && (await groups());
      if (found) await found.end(group);
      else await hunt(join(home, ref.uid));
      await endInNetwork(ref);
      if (group) await rm(noteOf(ref), { force: true });
    },
  };
}
