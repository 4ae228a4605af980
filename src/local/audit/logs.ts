import type { AuditTally } from '../../shared/audit/tally.ts';
import type { AuditLog } from '../../shared/ports/auditLog.ts';
import type { RotatingFile } from './rotating.ts';

/** Is how metrics of kube-apiserver call a log that is a file. */
const plugin = 'log';

/** Keeps each event as a line of a file. */
export function fileAuditLog(file: RotatingFile, tally: Pick<AuditTally, 'lost'>): AuditLog {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  return {
    write(event) {
      underWay++;
      file.write(`${JSON.stringify(event)}\n`, (error) => {
        if (error) tally.lost(plugin, 1);
        if (--underWay === 0) for (const resume of waiting.splice(0)) resume();
      });
    },
    flush: () => (underWay === 0 ? Promise.resolve() : new Promise((resume) => waiting.push(resume))),
    close: () => file.close(),
  };
}

/** Says each event as a line of this process. */
export const spokenAuditLog = (say: (line: string) => void): AuditLog => ({
  write: (event) => say(JSON.stringify(event)),
  flush: async () => {},
  close: async () => {},
});
