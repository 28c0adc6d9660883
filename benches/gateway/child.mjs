// Processes of this folder that are told what to do by messages.

import { fork } from 'node:child_process';
import { join } from 'node:path';

export const spawned = (script) => fork(join(import.meta.dirname, script));

/** Sends a message and waits for the answer. */
export function ask(child, order) {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`a process of the benchmark has ended`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      if (answer.error === undefined) resolve(answer);
      else reject(new Error(answer.error));
    });
    child.send(order);
  });
}
