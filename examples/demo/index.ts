// npm run demo: the Kubernetes overview's story, told by a real kubectl to a control plane in a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anyKubectl } from '../../tools/kubectl.ts';
import { untilSignal } from '../../tools/untilSignal.ts';
import { type ControlPlane, startControlPlane } from './server.ts';
import { numbersOf, tellStory } from './story.ts';

const kubectl = anyKubectl();
if (!kubectl) {
  console.error('The demo needs kubectl: put one on the PATH (https://kubernetes.io/docs/tasks/tools/).');
  process.exit(1);
}

const whatNext = `
== What to try next
  npx shallop up                           the same on a folder that stays; it prints the next commands
  npx shallop cluster create feature-x     a whole API of its own, for a branch or a test
  docs/first-ten-minutes.md                goes through it, without kubectl too
  npm run aws:local                        the same API from AWS's services, in an emulator`;

const folder = mkdtempSync(join(tmpdir(), 'shallop-demo-'));
const began = performance.now();
let plane: ControlPlane | undefined;
try {
  process.exitCode = await untilSignal(() => show(kubectl));
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await plane?.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (!process.exitCode)
  console.log(`\nNothing is left: the Pods, the control plane and its folder are gone.\n${whatNext}`);

/** Answers the exit code. */
async function show(tool: string): Promise<number> {
  heading('Start: one process and one folder', 'how long it takes until it is ready');
  plane = await startControlPlane(folder, '--stop-pods');
  console.log('$ shallop up');
  for (const line of plane.output) console.log(line);
  const story = await tellStory(plane, tool, {
    chapter: heading,
    step: ({ command, output }) => {
      console.log(`\n$ ${command}`);
      if (output.trim()) console.log(output.trimEnd());
    },
  });
  const { failures } = story.tally;
  console.log('\n== The numbers');
  for (const [what, number] of numbersOf(story, plane, performance.now() - began))
    console.log(`  ${what.padEnd(44)} ${number}`);
  if (failures.length) {
    console.log(`\n${failures.length} requests failed: ${failures[0]}`);
    return 1;
  }
  return 0;
}

function heading(title: string, lookAt: string): void {
  console.log(`\n== ${title}\n   Look at ${lookAt}.`);
}
