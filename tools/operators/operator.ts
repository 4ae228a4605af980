import type { Kit } from './kit.ts';

/** An operator of somebody else, built of a public Go module as it is, and what it is to do for a cluster. */
export interface Operator extends Program {
  readonly name: string;
  readonly module: string;
  /** What it is installed by, made of the module's folder: manifests with its Deployments in them. */
  manifests(folder: string, kit: Kit): Promise<string>;
  /** Changes to the configuration file that the module comes with, where it has one. */
  configuration?(ports: Ports): Record<string, unknown>;
  /** Programs that it needs beside it. */
  readonly beside?: readonly Program[];
  /** Packages of commands that its users have, for the story. */
  readonly commands?: readonly string[];
  /** What Pods are in its control plane. Absent: records. */
  readonly runtime?: 'process';
  /** How many Nodes there are. Absent: one. */
  readonly nodes?: number;
  /** Has it do its work, and may ask its programs where they listen. Throws when it does not. */
  story(kit: Kit, ports: Ports): Promise<void>;
}

/** A program of an operator. */
export interface Program {
  /** Its package. */
  readonly program: string;
  /** Folder below the operator's with a go.mod of its own, where it does not go with what the operator depends on. */
  readonly home?: string;
  /** Name of the Deployment whose account, environment and Secrets it has; absent: those of the first. */
  readonly deployment?: string;
  /** As a container, it is started once the files of its Secrets are there. Absent: it waits for them itself. */
  readonly needsItsFiles?: true;
  /** The command line. */
  flags(where: Where): string[];
  /** It knows no kubeconfig, only what a Pod finds. */
  readonly inCluster?: true;
  /** What it finds elsewhere in a Pod. */
  readonly env?: Environment | ((where: Where) => Environment);
}

/** Names and values. */
export type Environment = Readonly<Record<string, string>>;

/** Where the program listens on this machine, by the ports that its container would have. */
export type Ports = (containerPort: number) => number;

/** What a command line may name. */
export interface Where {
  readonly ports: Ports;
  readonly kubeconfig: string;
  /** The file with the changed configuration. */
  readonly configuration: string;
  /** For its files. Those of Secrets are below, but for paths that begin with /tmp. */
  readonly folder: string;
}
