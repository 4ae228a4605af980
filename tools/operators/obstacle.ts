/**
 * node tools/operators/obstacle.ts [NAME…]: says why operators cannot be built on this machine, and fails then. What they are
 * built of is fetched.
 */
import { obstacle } from './build.ts';
import { operatorsOf } from './registry.ts';

for (const operator of operatorsOf(process.argv.slice(2))) {
  const why = await obstacle(operator);
  if (!why) continue;
  console.log(`${operator.name}: ${why}`);
  process.exitCode = 1;
  break;
}
