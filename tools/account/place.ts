import type { Site } from './site.ts';

/** Where a deployment is made: an account, or an emulator in its place. */
export interface Place {
  emulated: boolean;
  region: string;
  /** Deploys under that name and opens it. */
  deploy(name: string, say: (line: string) => void): Promise<Deployed>;
  /** What is there of such a deployment; what others of the account have under the same names, too. */
  everything(name: string): Promise<string[]>;
}

export interface Deployed extends Pick<Site, 'endpoint' | 'kubeconfig' | 'proxy'> {
  destroy(): Promise<void>;
  /** Ends what runs on this machine. */
  close(): Promise<void>;
}
