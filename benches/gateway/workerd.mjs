// workerd by itself, a process for each contender: its configuration, its port, its processor time and its memory.

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { compatibility } from '../../scripts/worker-modules.mjs';
import { processorSeconds } from '../processor.mjs';

/** The package exports the path of the program for this system. */
const PROGRAM = createRequire(import.meta.url)('workerd').default;

/**
 * @param {object} given
 * @param {string} given.folder  where its configuration and its objects' databases go
 * @param {{ name: string, type: string, path: string }[]} given.modules  the entry first
 * @param {Record<string, string>} given.bindings  Cap'n Proto text, by name
 * @param {boolean} [given.objects]  the Durable Objects of the gateway
 * @param {string} [given.kv]  the path of the Worker that stands in for Workers KV
 * @param {string[]} [given.flags]  for V8
 * @param {string[]} [given.options]  for workerd
 * @param {string[]} [given.features]  compatibility flags
 */
export async function start(given) {
  const { folder, modules, bindings, objects = false, kv, flags = [], options = [], features = [] } = given;
  mkdirSync(join(folder, 'objects'), { recursive: true });
  const config = join(folder, 'config.capnp');
  writeFileSync(config, configuration({ folder, modules, bindings, objects, kv, flags, features }));
  const child = spawn(PROGRAM, ['serve', '--experimental', '--control-fd=3', ...options, config], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const complaints = [];
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line));
  let started;
  const port = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`workerd has ended: ${complaints.join('\n')}`)));
    createInterface({ input: child.stdio[3] }).on('line', (line) => {
      const { event, socket, port } = JSON.parse(line);
      if (event !== 'listen' || socket !== 'http') return;
      started = threadSeconds(child.pid);
      resolve(port);
    });
  });
  return {
    port,
    pid: child.pid,
    complaints,
    /** At the moment when it began to listen: its Worker had been compiled and its top level run. */
    started,
    cpuSeconds: () => processorSeconds(child.pid),
    /** The same more precisely, without the threads that have ended. */
    cpuNow: () => threadSeconds(child.pid),
    residentMegabytes: () => residentMegabytes(child.pid),
    stop: () => child.kill('SIGKILL'),
  };
}

function configuration({ folder, modules, bindings, objects, kv, flags, features }) {
  const { compatibilityDate } = compatibility();
  const quote = (value) => JSON.stringify(value);
  // A path that begins with a slash is not the file system's.
  const embed = (path) => `embed ${quote(relative(folder, path))}`;
  const embedded = modules.map(({ name, type, path }) => `(name = ${quote(name)}, ${type} = ${embed(path)})`);
  const namespaces = ['EventStore', 'DeliveryLog'].map(
    (name) => `(className = "${name}", uniqueKey = "${name}", enableSql = true)`,
  );
  const all = Object.entries({
    ...bindings,
    ...(objects && { EVENTS: 'durableObjectNamespace = "EventStore"' }),
    ...(objects === 'logged' && { LOG: 'durableObjectNamespace = "DeliveryLog"' }),
    ...(kv && { DEDUPE: 'kvNamespace = "kv"' }),
  }).map(([name, value]) => `(name = ${quote(name)}, ${value})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ${JSON.stringify(flags)},
  services = [
    (name = "main", worker = .main),
    ${kv ? '(name = "kv", worker = .kv),' : ''}
    ${objects ? `(name = "disk", disk = (path = ${quote(join(folder, 'objects'))}, writable = true)),` : ''}
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  compatibilityDate = "${compatibilityDate}",
  compatibilityFlags = ${JSON.stringify(features)},
  modules = [${embedded.join(',\n    ')}],
  bindings = [${all.join(',\n    ')}],
  ${objects ? `durableObjectNamespaces = [${namespaces.join(', ')}],\n  durableObjectStorage = (localDisk = "disk"),` : ''}
);
const kv :Workerd.Worker = (
  compatibilityDate = "${compatibilityDate}",
  modules = [(name = "kv.mjs", esModule = ${kv ? embed(kv) : '""'})],
);
`;
}

/** What its threads have used, in nanoseconds' precision, but without the threads that have ended. */
function threadSeconds(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const each = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return each.reduce((all, nanoseconds) => all + Number(nanoseconds), 0) / 1e9;
}

function residentMegabytes(pid) {
  const [, kilobytes] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/);
  return Number(kilobytes) / 1000;
}
