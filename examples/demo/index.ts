// npm run demo: the Kubernetes overview's story, told by a real kubectl to a control plane in a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anyKubectl } from '../../tools/kubectl.ts';
import { startControlPlane } from './server.ts';
import { tellStory } from './story.ts';

const kubectl = anyKubectl();
if (!kubectl) {
  console.error('The demo needs kubectl: put one on the PATH (https://kubernetes.io/docs/tasks/tools/).');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'shallop-demo-'));
const plane = await startControlPlane(folder, '--stop-pods');
process.on('SIGINT', () => void plane.stop().then(() => process.exit(130)));
try {
  console.log('$ shallop up');
  for (const line of plane.output) console.log(line);
  const story = await tellStory(plane, kubectl, ({ command, output }) => {
    console.log(`\n$ ${command}`);
    if (output.trim()) console.log(output.trimEnd());
  });
  const failed = story.tally.failures.length;
  console.log(
    failed ? `\n${failed} requests failed: ${story.tally.failures[0]}` : '\nDone. Nothing is left.',
  );
  process.exitCode = failed ? 1 : 0;
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
}
