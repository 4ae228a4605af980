import { countedRollout } from '../support/aws/countedRollout.ts';

/**
 * Who reads what of the table for a Deployment that comes up and gets another image, in units a Pod, the dearest first:
 * `node test/simulation/readers.ts 10` for ten Pods, `10 2` by another seed, `10 1 any` with deliveries at any time of any
 * part of what is there, as other simulations have them.
 */
const [replicas = 10, seed = 1] = process.argv.slice(2).map(Number);
const regular = process.argv[4] === undefined;
const least = 0.3;
const cell = (value: number) => value.toFixed(1).padStart(7);

const { start, rollout, ...limits } = await countedRollout(replicas, { seed, regular });
console.log(JSON.stringify(limits));
for (const [name, { units, calls, ecsReads, readers, tookMs }] of Object.entries({ start, rollout })) {
  const each = [
    `${units.toFixed(1)} units`,
    `${calls.toFixed(1)} calls`,
    `${ecsReads.toFixed(1)} reads of ECS`,
  ];
  const whole = `${each.join(', ')} a Pod, in ${Math.round(tookMs / 1_000)} s`;
  console.log(`${name} of ${replicas}: ${whole}\n  units   reads`);
  for (const { by, of, ...count } of readers) {
    const [each, reads] = [count.units / replicas, count.reads / replicas];
    if (each >= least) console.log(`${cell(each)} ${cell(reads)}  ${by.padEnd(40)} ${of}`);
  }
}
