// A stand-in for a namespace of Durable Objects: passes every call on to the real one, unless it shall fail or
// hang, and counts. The real objects are asked directly by `direct`.

import { Response } from "miniflare";

/** Give it to the gateway as `faults`. `which` is the binding and its class. */
export function createFaults(which = { EVENTS: "EventStore" }) {
  const [[name, className]] = Object.entries(which);
  const faults = {
    /** The methods that fail for now, as they do when an object cannot be reached: `["claim"]`. */
    failing: [],
    /** The methods that do their work, and whose answers are lost on the way back. */
    mute: [],
    /** The methods that never answer for now. */
    hanging: [],
    /** How often each method was called, failures included, and on which objects. */
    calls: {},
    names: new Set(),
    /** What was asked for with the namespace: location hints and jurisdictions. */
    asked: [],
    options: {
      wrappedBindings: { [name]: { scriptName: "objects" } },
    },
    worker: {
      name: "objects",
      modules: [{ type: "ESModule", path: "objects.mjs", contents: binding }],
      durableObjects: { REAL: { className, scriptName: "gateway-0", useSQLite: true } },
      serviceBindings: {
        ORDERS: async (request) => {
          const { method, name, asked } = await request.json();
          faults.calls[method] = (faults.calls[method] ?? 0) + 1;
          faults.names.add(name);
          faults.asked.push(asked);
          if (faults.hanging.includes(method)) await new Promise(() => {});
          const order = faults.failing.includes(method) ? "fail" : faults.mute.includes(method) ? "mute" : "pass";
          return new Response(order);
        },
      },
    },
  };
  return faults;
}

// Runs in workerd, in the gateway's isolate.
const binding = `
  export default function (env) {
    const namespace = (jurisdiction) => ({
      jurisdiction: (name) => namespace(name),
      getByName: (name, { locationHint } = {}) => new Proxy({}, {
        get: (_, method) => async (...args) => {
          const body = JSON.stringify({ method, name, asked: { jurisdiction, locationHint } });
          const order = await (await env.ORDERS.fetch("http://orders/", { method: "POST", body })).text();
          if (order === "fail") throw new Error("the object cannot be reached");
          const answer = await env.REAL.getByName(name)[method](...args);
          if (order === "mute") throw new Error("the object was reset");
          return answer;
        },
      }),
    });
    return namespace();
  }`;
