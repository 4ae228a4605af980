import type { Kit } from './kit.ts';

/** An operator of somebody else, built of a public Go module as it is, and what it is to do for a cluster. */
export interface Operator {
  readonly name: string;
  readonly module: string;
  /** The package of its program. */
  readonly program: string;
  /** What it is installed by, made of the module's folder: manifests with its Deployment in them. */
  manifests(folder: string, kit: Kit): Promise<string>;
  /** Changes to the configuration file that the module comes with, where it has one. */
  configuration?(ports: Ports): Record<string, unknown>;
  /** The command line. */
  flags(where: Where): string[];
  /** A program that it needs beside it. */
  readonly beside?: { readonly program: string; flags(where: Where): string[] };
  /** Has it do its work. Throws when it does not. */
  story(kit: Kit): Promise<void>;
}

/** Where the program listens on this machine, by the ports that its container would have. */
export type Ports = (containerPort: number) => number;

/** What a command line may name. */
export interface Where {
  readonly ports: Ports;
  readonly kubeconfig: string;
  /** The file with the changed configuration. */
  readonly configuration: string;
  /** For its files. */
  readonly folder: string;
}
