import { inlinedModule } from "./inlined-module.js";
import { provideModule } from "./core.js";

provideModule(inlinedModule);

export * from "./api.js";
