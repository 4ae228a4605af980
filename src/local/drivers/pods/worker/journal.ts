import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badRequest } from '../../../../shared/errors/common.ts';
import type { Pod } from '../../../../shared/kinds/schema/types.ts';
import type { PodRef } from '../../../../shared/ports/cloud.ts';
import type { PodRecord } from './records.ts';

export interface Journalled {
  ref: PodRef;
  pod: Pod;
  record: PodRecord;
}

/** A folder per Pod: `pod.json`, what was asked for; `state.json`, what has become of it; `volumes/`. */
export interface Journal {
  folderOf(ref: PodRef): string;
  savePod(ref: PodRef, pod: Pod): void;
  saveState(ref: PodRef, record: PodRecord): void;
  /**
   * Returns what earlier control planes left; `broken` are the uids of Pods of which too little was written to go on.
   */
  read(): { pods: Journalled[]; broken: string[] };
}

export function openJournal(folder: string): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const folderOf = ({ uid }: PodRef) => {
    if (!/^\w[\w.-]*$/.test(uid)) throw badRequest(`uid "${uid}" cannot name a folder`);
    return join(folder, uid);
  };
  return {
    folderOf,
    savePod(ref, pod) {
      mkdirSync(folderOf(ref), { recursive: true, mode: 0o700 });
      replace(join(folderOf(ref), 'pod.json'), { ref, pod });
    },
    saveState: (ref, record) => replace(join(folderOf(ref), 'state.json'), record),
    read() {
      const pods: Journalled[] = [];
      const broken: string[] = [];
      for (const uid of readdirSync(folder)) {
        try {
          const { ref, pod } = JSON.parse(readFileSync(join(folder, uid, 'pod.json'), 'utf8'));
          const record = JSON.parse(readFileSync(join(folder, uid, 'state.json'), 'utf8'));
          pods.push({ ref, pod, record });
        } catch {
          broken.push(uid);
        }
      }
      return { pods, broken };
    },
  };
}

/** The whole file at once, so that a control plane killed meanwhile leaves the old one. */
function replace(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
