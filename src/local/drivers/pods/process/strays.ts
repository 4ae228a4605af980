import { sendSignal, withFolderInEnvironment } from './identity.ts';
import { runEnvironment } from './runFolder.ts';

/**
 * Ends processes that left their run's group, known by their environment. Looking reads every process of the machine,
 * so that all who ask while one look is under way share the next one. Does nothing where the platform hides
 * environments: there only a program that makes itself a session of its own can outlive its Pod.
 */
export function createStrayHunter(): (folder: string) => Promise<void> {
  let asked: { folder: string; done: () => void }[] = [];
  const look = () => {
    const now = asked;
    asked = [];
    const folders = now.map(({ folder }) => folder);
    for (const pid of withFolderInEnvironment(runEnvironment, folders)) sendSignal(pid, 'SIGKILL');
    for (const { done } of now) done();
  };
  return (folder) =>
    new Promise((done) => {
      if (!asked.length) setImmediate(look);
      asked.push({ folder, done });
    });
}
