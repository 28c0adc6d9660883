#!/usr/bin/env node
/// <reference types="node" />
import { main } from "./cli/main.js";

// Not process.exit: what was written to a pipe may still be on its way.
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
