"""A teacher made of other networks: `python3 teacher.py --guesses FILE.f32 … --cache CACHE --out TEACHER.npy`.

What scripts/write-guesses.ts wrote, of any classes, is translated into ours by a linear layer. Of a part of the images it is
fitted on the others, so that no image is guessed by what was learned from its own label. `train.py --teacher TEACHER.npy` then takes
half of its targets from there.
"""

import argparse
import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import data

PARTS = 4
EPOCHS, BATCH, PEAK_RATE, WEIGHT_DECAY = 8, 256, 1e-3, 0.01


class Teacher:
    def __init__(self, file):
        self.logits = np.load(file, 'r')

    def about(self, indices):
        """The shares of the classes in these images, whatever part of them is seen."""
        return torch.from_numpy(self.logits[indices]).float().softmax(1)


def fitted(features, labels):
    layer = nn.Linear(features.shape[1], int(labels.max()) + 1)
    nn.init.zeros_(layer.weight)
    optimizer = torch.optim.AdamW(layer.parameters(), weight_decay=WEIGHT_DECAY)
    for epoch in range(EPOCHS):
        for group in optimizer.param_groups:
            group['lr'] = PEAK_RATE * (1 - epoch / EPOCHS)
        for batch in torch.randperm(len(features)).split(BATCH):
            optimizer.zero_grad()
            F.cross_entropy(layer(features[batch]), labels[batch]).backward()
            optimizer.step()
    return layer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--guesses', nargs='+', required=True)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    torch.manual_seed(data.SEED)

    _, _, labels = data.load(options.cache, 'train')
    training, development = (torch.from_numpy(each) for each in data.splits(labels))
    labels = torch.from_numpy(labels[:].astype('int64'))
    features = torch.cat([
        torch.from_numpy(np.fromfile(file, '<f4').reshape(len(labels), -1)) for file in options.guesses
    ], 1)
    features -= features[training].mean(0)
    features /= features[training].std(0)

    logits = torch.zeros(len(labels), int(labels.max()) + 1)
    parts = training[torch.randperm(len(training))].chunk(PARTS)
    for number, part in enumerate(parts):
        others = torch.cat(parts[:number] + parts[number + 1 :])
        layer = fitted(features[others], labels[others])
        with torch.no_grad():
            logits[part] = layer(features[part])
            # Nobody trains on these; they tell how good a teacher it is.
            logits[development] += layer(features[development]) / PARTS
    for name, split in ('training', training), ('development', development):
        right = (logits[split].argmax(1) == labels[split]).float().mean().item()
        print(json.dumps({
            'split': name, 'top1': round(right, 4), 'loss': round(F.cross_entropy(logits[split], labels[split]).item(), 4)
        }), flush=True)
    np.save(options.out, logits.numpy().astype(np.float16))


if __name__ == '__main__':
    main()
