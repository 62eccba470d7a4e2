"""Train torchlogix-like networks on scikit-learn's digits; write model files, a BLIF, and what PyTorch predicts.

Arguments: digits.csv.gz, output folder. dbnc_torch is what docs/import.md says."""
import csv, gzip, json, sys
import torch
from dbnc_torch import export_model
from layers import GroupSum, LogicDense, LogicLayer, predictions, train

THRESHOLDS = [4, 8, 12]


def encoder(by_threshold):
    pairs = [(f, t) for t in THRESHOLDS for f in range(64)] if by_threshold else [(f, t) for f in range(64) for t in THRESHOLDS]
    pin = {"kind": "fixed", "signed": False, "width": 5, "scale": 1}
    return {
        "features": [{"name": f"f{f}", "type": pin} for f in range(64)],
        "bits": [{"feature": f, "test": "at-least", "value": t} for f, t in pairs],
    }


def bits(x, by_threshold):
    planes = [(x >= t).float() for t in THRESHOLDS]
    return torch.cat(planes, 1) if by_threshold else torch.stack(planes, 2).reshape(len(x), -1)


def write_blif(path, layers, inputs):
    """The discretised network, one table a gate."""
    lines = [".model learned", ".inputs " + " ".join(f"pin{i}" for i in range(inputs))]
    names, tables = [f"pin{i}" for i in range(inputs)], []
    for l, layer in enumerate(layers):
        function = layer.weights.argmax(-1).tolist()
        a, b = (index.tolist() for index in layer.indices)
        for g, f in enumerate(function):
            rows = [f"{i >> 1}{i & 1} 1" for i in range(4) if (f >> (3 - i)) & 1]
            tables.append("\n".join([f".names {names[a[g]]} {names[b[g]]} l{l}g{g}", *rows]))
        names = [f"l{l}g{g}" for g in range(len(function))]
    lines.append(".outputs " + " ".join(names))
    with open(path, "w") as file:
        file.write("\n".join([*lines, *tables, ".end", ""]))


def main(source, folder):
    torch.manual_seed(1)
    with gzip.open(source, "rt") as file:
        table = torch.tensor([[float(v) for v in row] for row in csv.reader(file)])
    x, y = table[:, :-1], table[:, -1].long()
    classes, found = [str(c) for c in range(10)], {}
    cases = {
        "raw": (False, [("raw", None), ("raw", None)]),
        "walsh": (True, [("walsh", None), ("walsh", 4)]),
        "light": (False, [("light", 8), ("light", 8)]),
    }
    for name, (by_threshold, (first, second)) in cases.items():
        layers = [LogicDense(192, 400, *first), LogicDense(400, 300, *second)]
        model = train(torch.nn.Sequential(*layers, GroupSum(10, 6.0)), bits(x, by_threshold), y, 120)
        export_model(f"{folder}/{name}.safetensors", layers, encoder(by_threshold), classes, 6.0)
        found[name] = predictions(model, bits(x, by_threshold))
    layers = [LogicLayer(192, 400), LogicLayer(400, 300)]
    model = train(torch.nn.Sequential(*layers, GroupSum(10, 6.0)), bits(x, True), y, 120)
    write_blif(f"{folder}/learned.blif", layers, 192)
    found["learned"] = predictions(model, bits(x, True))
    right = {name: sum(p == t for p, t in zip(found[name], y.tolist())) / len(y) for name in found}
    with open(f"{folder}/predictions.json", "w") as file:
        json.dump({"predictions": found, "accuracy": right}, file)


main(*sys.argv[1:])
