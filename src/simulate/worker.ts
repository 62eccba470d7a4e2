import { parentPort, workerData } from "node:worker_threads";
import { makeClassifier } from "../../compiler/simulate/classifier.js";
import type { PredictionPart } from "./predict.js";

const { module, design, codes, samples } = workerData as PredictionPart;
parentPort!.postMessage(makeClassifier(module, design).predict(codes, samples));
