import type { KubeObject } from '../kube/objects.ts';
import type { Program, Project } from './project.ts';

const managedBy = { 'app.kubernetes.io/managed-by': 'shallop-dev' };

/** Returns the image that stands for a program of a project. */
export const imageOf = ({ name }: Project, program: Program): string => `${name}-${program.name}:dev`;

/** Returns a Deployment for each program, and a Service for the first, at port 80: for a project without manifests. */
export function objectsOf(project: Project): KubeObject[] {
  return [
    ...project.programs.map((program, i) => deploymentOf(project, program, i === 0)),
    serviceOf(project, project.programs[0]!),
  ];
}

const nameOf = ({ name, programs }: Project, program: Program): string =>
  programs.length === 1 ? name : `${name}-${program.name}`;

const labelsOf = (project: Project, program: Program) => ({
  'app.kubernetes.io/name': project.name,
  'app.kubernetes.io/component': program.name,
});

function deploymentOf(project: Project, program: Program, listens: boolean): KubeObject {
  const labels = labelsOf(project, program);
  const container = {
    name: program.name,
    image: imageOf(project, program),
    env: [{ name: 'PORT', value: String(project.port) }],
    ...(listens && {
      ports: [{ containerPort: project.port }],
      // Old Pods go only when a new one takes connections.
      readinessProbe: { tcpSocket: { port: project.port }, periodSeconds: 1 },
    }),
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

const serviceOf = (project: Project, program: Program): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: project.name, labels: { ...labelsOf(project, program), ...managedBy } },
  spec: {
    type: 'LoadBalancer',
    selector: labelsOf(project, program),
    ports: [{ port: 80, targetPort: project.port }],
  },
});
