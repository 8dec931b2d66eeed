import { setUp } from "./setup.mjs";

await setUp();
console.log("built: ./cleft --help");
