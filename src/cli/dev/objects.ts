import type { KubeObject } from '../kube/objects.ts';
import type { Program, Project } from './project.ts';

const managedBy = { 'app.kubernetes.io/managed-by': 'shallop-dev' };
/** Names the port of a program: its number is another with each version. */
const portName = 'http';

/** Returns the image that stands for a program of a project. */
export const imageOf = ({ name }: Project, program: Program): string => `${name}-${program.name}:dev`;

/**
 * Returns a Deployment for each program, and a Service for the first, at port 80: for a project without manifests.
 * `ports` are those of the programs.
 */
export function objectsOf(project: Project, ports: number[]): KubeObject[] {
  return [
    ...project.programs.map((program, i) => deploymentOf(project, program, ports[i]!, i === 0)),
    serviceOf(project, project.programs[0]!),
  ];
}

const nameOf = ({ name, programs }: Project, program: Program): string =>
  programs.length === 1 ? name : `${name}-${program.name}`;

const labelsOf = (project: Project, program: Program) => ({
  'app.kubernetes.io/name': project.name,
  'app.kubernetes.io/component': program.name,
});

function deploymentOf(project: Project, program: Program, port: number, listens: boolean): KubeObject {
  const labels = labelsOf(project, program);
  const container = {
    ...withPort(program, port, listens),
    image: imageOf(project, program),
    // Old Pods go only when a new one takes connections.
    ...(listens && { readinessProbe: { tcpSocket: { port: portName }, periodSeconds: 1 } }),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: nameOf(project, program), labels: { ...labels, ...managedBy } },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        // Whoever waits for a change to show does not want to wait for half a minute.
        spec: { containers: [container], terminationGracePeriodSeconds: 5 },
      },
    },
  };
}

const withPort = ({ name }: Program, port: number, listens: boolean) => ({
  name,
  env: [{ name: 'PORT', value: String(port) }],
  ...(listens && { ports: [{ name: portName, containerPort: port }] }),
});

/** Returns what a strategic merge patch changes of a Deployment's Pods so that its program gets another port. */
export function portPatch(program: Program, port: number, listens: boolean): object {
  const { ports, ...rest } = withPort(program, port, listens);
  return { containers: [{ ...rest, ...(ports && { ports: [{ $patch: 'replace' }, ...ports] }) }] };
}

const serviceOf = (project: Project, program: Program): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: project.name, labels: { ...labelsOf(project, program), ...managedBy } },
  spec: {
    type: 'LoadBalancer',
    selector: labelsOf(project, program),
    ports: [{ port: 80, targetPort: portName }],
  },
});
