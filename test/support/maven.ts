import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { repository } from '../../examples/demo/server.ts';
import { isOnPath } from '../../tools/onPath.ts';
import { execute } from './plane.ts';

/** A Java program that stands in test/clients, or why it cannot be had here. */
export type JavaProgram = { classPath: string } | { obstacle: string };

const unreachable = /Could not (transfer|resolve|find)|Unknown host|Connection (refused|timed out)/i;

/**
 * Builds a Maven project into the folder that its pom names, and answers what to run it with. Rejects when the project
 * itself is wrong; that Maven, Java or what it depends on is missing here is an obstacle.
 */
export async function buildWithMaven(project: string, classes: string): Promise<JavaProgram> {
  const missing = ['mvn', 'java', 'javac'].find((program) => !isOnPath(program));
  if (missing) return { obstacle: `no ${missing} here` };
  const listed = join(repository, '.cache', `${classes}.classpath`);
  const goals = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${listed}`];
  const said = await execute('mvn', ['-q', '-B', '-f', join(repository, project, 'pom.xml'), ...goals]);
  if (said.code !== 0) {
    const text = `${said.stdout}${said.stderr}`;
    if (unreachable.test(text)) return { obstacle: 'the Maven artifacts cannot be had here' };
    throw new Error(`mvn ${project}: ${text}`);
  }
  const own = join(repository, '.cache', classes, 'classes');
  return { classPath: [own, readFileSync(listed, 'utf8').trim()].join(delimiter) };
}
