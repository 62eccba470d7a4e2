/**
 * One process, one prediction: `cold.js <design> <codes>` reads both files, then prints the milliseconds from there to the
 * class of every sample, with nothing compiled or planned before: by the clock, and of processor time of all threads.
 */
import { readFileSync } from "node:fs";
import { decodeDesign } from "../../compiler/model/design-codec.js";
import { makeClassifier } from "../../compiler/simulate/classifier.js";
import { simulationModule } from "../../src/simulate/module.js";

const [designFile, codesFile] = process.argv.slice(2);
const design = decodeDesign(readFileSync(designFile!), designFile!);
const codes = new Uint8Array(readFileSync(codesFile!));
const [begin, spent] = [performance.now(), process.cpuUsage()];
makeClassifier(simulationModule(), design).predict(codes, codes.length / design.encoder.features.length);
const { user, system } = process.cpuUsage(spent);
console.log(JSON.stringify({ milliseconds: performance.now() - begin, processor: (user + system) / 1000 }));
