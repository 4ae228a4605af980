import { sendSignal } from './identity.ts';
import { belonging, readProcessTable } from './processTable.ts';
import { runEnvironment } from './runFolder.ts';

/** Says how often what forks while it is killed is looked for again. */
const rounds = 5;

/**
 * Ends processes that left their run's group, known by what they descend from, the streams and the folder that they
 * have open and their environment. Looking reads every process of the machine, so that all who ask while one look is
 * under way share the next one. Where there is no /proc, a program that makes itself a session of its own can outlive
 * its Pod.
 */
export function createStrayHunter(): (folder: string, roots?: number[]) => Promise<void> {
  let asked: { folder: string; roots: number[]; done: () => void }[] = [];
  let underWay = Promise.resolve();
  const look = async () => {
    const now = asked;
    asked = [];
    const folders = now.map(({ folder }) => folder);
    let roots = now.flatMap((each) => each.roots);
    for (let round = 0; round < rounds; round++) {
      const found = belonging(await readProcessTable(runEnvironment), folders, roots);
      if (!found.length) break;
      for (const pid of found) sendSignal(pid, 'SIGKILL');
      // Their numbers may be others' by the next look.
      roots = [];
    }
    for (const { done } of now) done();
  };
  return (folder, roots = []) =>
    new Promise((done) => {
      if (!asked.length) underWay = underWay.then(look);
      asked.push({ folder, roots, done });
    });
}
