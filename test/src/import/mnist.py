"""Train a difflogic-like network on MNIST, write it as docs/import.md says, and what PyTorch predicts for the test set.

Arguments: folder of the IDX files, output folder."""
import gzip, json, sys
import numpy as np
import torch
from dbnc_torch import export_difflogic
from layers import GroupSum, LogicLayer, predictions, train


def idx(path, header):
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), "uint8", offset=header)


def main(source, folder):
    torch.manual_seed(1)
    images = {s: torch.from_numpy(idx(f"{source}/{s}-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype("float32")) for s in ("train", "t10k")}
    labels = {s: torch.from_numpy(idx(f"{source}/{s}-labels-idx1-ubyte.gz", 8).astype("int64")) for s in ("train", "t10k")}
    bits = {s: (images[s] / 255).round() for s in images}
    model = torch.nn.Sequential(LogicLayer(784, 1200), LogicLayer(1200, 800), GroupSum(10, 8.0))
    train(model, bits["train"], labels["train"], 250)
    export_difflogic(f"{folder}/difflogic.safetensors", model)
    found = predictions(model, bits["t10k"])
    right = sum(p == t for p, t in zip(found, labels["t10k"].tolist())) / len(found)
    with open(f"{folder}/predictions.json", "w") as file:
        json.dump({"predictions": found, "accuracy": right}, file)


main(*sys.argv[1:])
