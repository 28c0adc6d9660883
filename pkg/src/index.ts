import { inlinedModule } from "./inlined-module.js";
import { provideModule } from "./wasm.js";

provideModule(inlinedModule);

export * from "./api.js";
