import { setUp } from "./setup.mjs";

await setUp();
console.log("cleft is built, see: ./cleft help");
