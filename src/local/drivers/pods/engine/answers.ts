/** The parts of an engine's answers that are used here, as its API documents them. */

export interface EngineInfo {
  NCPU?: number;
  MemTotal?: number;
  KernelVersion?: string;
  OperatingSystem?: string;
  SecurityOptions?: string[];
}

export interface EngineVersion {
  Version?: string;
  Arch?: string;
  KernelVersion?: string;
  Components?: { Name?: string; Version?: string }[];
}

export interface ImageInspect {
  Id: string;
  RepoDigests?: string[] | null;
  Size?: number;
  Config?: {
    Entrypoint?: string[] | null;
    Cmd?: string[] | null;
    Env?: string[] | null;
    WorkingDir?: string;
    User?: string;
    Volumes?: Record<string, object> | null;
    StopSignal?: string;
  } | null;
}

export interface ContainerState {
  Status?: string;
  Running?: boolean;
  ExitCode?: number;
  OOMKilled?: boolean;
  Pid?: number;
  Error?: string;
  StartedAt?: string;
  FinishedAt?: string;
}

export interface PortBinding {
  HostIp?: string;
  HostPort?: string;
}

export interface ContainerInspect {
  Id: string;
  State: ContainerState;
  Config?: { Tty?: boolean; OpenStdin?: boolean; Labels?: Record<string, string> | null };
  NetworkSettings?: {
    Networks?: Record<string, { IPAddress?: string; Gateway?: string }> | null;
    Ports?: Record<string, PortBinding[] | null> | null;
  };
}

export interface ContainerSummary {
  Id: string;
  Names?: string[];
  State?: string;
  Labels?: Record<string, string> | null;
  Ports?: { IP?: string; PrivatePort?: number; PublicPort?: number; Type?: string }[] | null;
  NetworkSettings?: { Networks?: Record<string, { IPAddress?: string }> | null };
}

export interface ExecInspect {
  Running?: boolean;
  ExitCode?: number | null;
  Pid?: number;
}

export interface EngineEvent {
  Action?: string;
  Actor?: { ID?: string; Attributes?: Record<string, string> };
}

export interface PullProgress {
  error?: string;
  errorDetail?: { message?: string };
}

export interface EngineStatistics {
  cpu_stats?: { cpu_usage?: { total_usage?: number } };
  memory_stats?: { usage?: number; stats?: Record<string, number> };
}
