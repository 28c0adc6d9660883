// Runs the suite on whatever runtime this is: in a project that has the package installed, beside suite.mjs and data.js.

import * as library from "hookwarden";
import { CODES } from "hookwarden/errors";
import { webhook } from "hookwarden/fetch";
import { memoryStore } from "hookwarden/stores";
import data from "./data.js";
import { runFetch } from "./fetch-suite.mjs";
import { run } from "./suite.mjs";

const failures = [...run({ ...library, CODES }, data), ...(await runFetch({ ...library, webhook, memoryStore }))];
console.log(JSON.stringify({ vectors: data.vectors.length, samples: data.samples.length, failures: failures.slice(0, 20) }));
