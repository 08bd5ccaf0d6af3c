/**
 * Policy files: which policy is in force, as the files are now. Each is looked
 * at every second and whenever the state is asked for; one that changed
 * is read again before the next request is decided. An edit that cannot be used
 * leaves the last good one in force and is said: in the log, in the status and
 * at the next run.
 */
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Session } from "../model/session.js";
import type { FileProblem } from "../yaml/checked-yaml.js";
import type { RulePolicy } from "./evaluate.js";
import { type Layer, type LayeredPolicy, layeredPolicy } from "./layers.js";
import type { LayerMasking } from "./masking.js";
import { type ParsedPolicy, parsePolicy } from "./parse.js";
import type { PolicyHolder } from "./policy.js";
import { readWhole } from "./read-whole.js";
import type { Rule } from "./rule.js";

export interface PolicyFilesOptions {
  readonly organisation: string;
  readonly user: string;
  /** For what a file is refused though it parses: rules that can never match. */
  readonly refuse?: (rules: readonly Rule[]) => Promise<readonly FileProblem[]>;
  /** Names of detectors that a file may use. */
  readonly detectors: readonly string[];
  /** Awaited before a file's masking terms are in force. */
  readonly prepare?: (masking: LayerMasking) => Promise<void>;
  /** Told once for each change: what is in force now, and what is wrong with the files. */
  readonly changed: (policy: RulePolicy, problems: readonly FileProblem[]) => void;
}

/** Whose policy is asked for: a session, by the folder it was started in. */
export type PolicySubject = { readonly process: Pick<Session["process"], "cwd"> };

export interface PolicyFiles extends PolicyHolder {
  current(session?: PolicySubject): RulePolicy | Promise<RulePolicy>;
  latest(session: PolicySubject): Promise<RulePolicy>;
  /** Looks at the files now. */
  refresh(session?: PolicySubject): Promise<LayeredPolicy>;
  /** What is wrong with the files, as far as was seen. */
  problems(): readonly FileProblem[];
  close(): void;
}

const lookEvery = 1000;
/** Projects whose policy is remembered; the one not looked for longest is forgotten. */
const projectsLimit = 200;

type Parse = (file: string, text: string, layer: Layer["name"]) => Promise<ParsedPolicy>;

/** Milliseconds without a request for a project, after which its files are looked at only when the next one comes. */
const idleAfter = 60_000;

interface Project extends Watched {
  inForce: LayeredPolicy;
  /** When it was last asked for, as `performance.now()` counts; negative before it was first read. */
  asked: number;
  looking: Promise<LayeredPolicy> | undefined;
}

interface Watched {
  layer: Layer | undefined;
  /** Size, time and file of what was read; undefined: there was none. */
  stamp: string | undefined;
  missing: number;
}

/** Reads the files; resolves when a policy is in force. */
export async function openPolicyFiles(options: PolicyFilesOptions): Promise<PolicyFiles> {
  const organisation = fresh();
  const user = fresh();
  /** By the session's folder. */
  const projects = new Map<string, Project>();
  let inForce = layeredPolicy([]);
  let looking: Promise<void> | undefined;

  const parse: Parse = async (file, text, layer) => {
    const parsed = await parsePolicy(file, text, layer, options.detectors);
    if (parsed.masking !== undefined) await options.prepare?.(parsed.masking);
    const refused = (await options.refuse?.(parsed.rules)) ?? [];
    return refused.length === 0 ? parsed : { ...parsed, rules: [], problems: refused };
  };

  /** Once at a time: two who ask get the same answer. */
  function look(): Promise<void> {
    looking ??= lookAtAll().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function lookAtAll(): Promise<void> {
    const before = inForce;
    const own = [
      await lookAt(parse, organisation, "organisation", options.organisation),
      await lookAt(parse, user, "user", options.user),
    ].includes(true);
    if (own) inForce = layeredPolicy(layersOf(organisation, user));
    if (own && inForce !== before) options.changed(inForce.policy, inForce.problems);
    for (const [folder, project] of projects) {
      if (own) project.inForce = layeredPolicy(layersOf(organisation, user, project));
      // A user's own rules do not wait for a project's: its files may lie where reading never ends.
      if (!isIdle(project)) lookAtProject(folder, project).catch(() => {});
    }
  }

  const isIdle = ({ asked }: Project) => asked < 0 || performance.now() - asked > idleAfter;

  /** Once at a time for each: callers that ask meanwhile get what is found. */
  function lookAtProject(folder: string, project: Project): Promise<LayeredPolicy> {
    project.looking ??= lookAtFolder(folder, project).finally(() => {
      project.looking = undefined;
    });
    return project.looking;
  }

  async function lookAtFolder(folder: string, project: Project): Promise<LayeredPolicy> {
    if (await lookAt(parse, project, "project", await projectFile(folder))) {
      project.inForce = layeredPolicy(layersOf(organisation, user, project));
      options.changed(project.inForce.policy, project.inForce.problems);
    }
    return project.inForce;
  }

  async function projectOf(folder: string): Promise<LayeredPolicy> {
    const project = projects.get(folder) ?? { ...fresh(), inForce, asked: -1, looking: undefined };
    // Known from now on: what changes in the files around it meanwhile reaches it.
    projects.delete(folder);
    projects.set(folder, project);
    for (const oldest of projects.keys()) {
      if (projects.size <= projectsLimit) break;
      projects.delete(oldest);
    }
    await lookAtProject(folder, project);
    project.asked = performance.now();
    return project.inForce;
  }

  async function refresh(session?: PolicySubject): Promise<LayeredPolicy> {
    // One that began before the edit may not have seen it.
    await looking;
    await look();
    return session === undefined ? inForce : projectOf(session.process.cwd);
  }

  await look();
  const timer = setInterval(() => void look(), lookEvery);
  timer.unref();

  return {
    current(session) {
      if (session === undefined) return inForce.policy;
      const known = projects.get(session.process.cwd);
      if (known === undefined || isIdle(known)) {
        return projectOf(session.process.cwd).then(({ policy }) => policy);
      }
      known.asked = performance.now();
      return known.inForce.policy;
    },
    latest: async (session) => (await refresh(session)).policy,
    refresh,
    problems() {
      const all = [inForce, ...[...projects.values()].map((project) => project.inForce)];
      const lines = new Map<string, FileProblem>();
      for (const problem of all.flatMap(({ problems }) => problems)) {
        lines.set(JSON.stringify(problem), problem);
      }
      return [...lines.values()];
    },
    close: () => clearInterval(timer),
  };
}

const fresh = (): Watched => ({ layer: undefined, stamp: undefined, missing: 0 });

function layersOf(...watched: readonly Watched[]): readonly Layer[] {
  return watched.flatMap(({ layer }) => layer ?? []);
}

/** Reads a file again if it is another than before; says whether anything changed. */
async function lookAt(
  parse: Parse,
  watched: Watched,
  name: Layer["name"],
  file: string | undefined,
): Promise<boolean> {
  const stamp = file === undefined ? undefined : await stampOf(file);
  if (file === undefined || stamp === undefined) {
    if (watched.layer === undefined) return false;
    // An editor that saves by renaming leaves a moment without a file.
    watched.missing += 1;
    if (watched.missing < 2) return false;
    Object.assign(watched, fresh());
    return true;
  }
  watched.missing = 0;
  if (stamp === watched.stamp) return false;
  watched.stamp = stamp;
  watched.layer = await readLayer(parse, name, file, watched.layer);
  return true;
}

async function readLayer(
  parse: Parse,
  name: Layer["name"],
  file: string,
  last: Layer | undefined,
): Promise<Layer> {
  const keep = (problems: readonly FileProblem[]): Layer => {
    const unusable = last === undefined || last.unreadable || last.file !== file;
    return unusable
      ? { name, file, text: "", rules: [], masking: undefined, problems, unreadable: true }
      : { ...last, problems };
  };
  let text: string;
  try {
    text = await readWhole(file);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    const reason = error instanceof RangeError ? error.message : `it cannot be read (${code})`;
    return keep([{ file, line: 1, column: 1, reason, hint: null }]);
  }
  try {
    const { rules, masking, problems } = await parse(file, text, name);
    if (problems.length > 0) return keep(problems);
    return { name, file, text, rules, masking, problems: [], unreadable: false };
  } catch (error) {
    // A mistake of ours must not take the last good policy with it.
    const reason = `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return keep([{ file, line: 1, column: 1, reason, hint: null }]);
  }
}

/** Undefined where there is no such file. */
async function stampOf(file: string): Promise<string | undefined> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(file, { bigint: true });
    return `${file} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : `${file} ${code}`;
  }
}

/** The policy of the project that a folder is in: its own, or that of the nearest folder around it. */
async function projectFile(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, ".hoopx", "policy.yaml");
    if ((await stampOf(file)) !== undefined) return file;
    if (dirname(at) === at) return undefined;
  }
}
