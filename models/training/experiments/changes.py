"""What each setting of the recipe is worth: `python3 changes.py --cache CACHE --file changes.json`.

A short run of alpha 0.25 for each change, judged on the development split. Finished ones are kept in the file.
"""

import argparse
import dataclasses
import functools
import time

import torch

import data
import export
import recipe
from experiments import run_missing
from network import MobileNet
from train import Trainer

ALPHA = 0.25
BASE = dataclasses.replace(recipe.RECIPES[ALPHA], phases=recipe.phases(3, 0.75, 0.5, 0.5))

CHANGES = {
    'as it is': {},
    'softmax alone': {'independent': 0},
    'sigmoid alone': {'independent': 1},
    'smaller crops: 0.35 of the area': {'phases': recipe.phases(3, 0.75, 0.5, 0.5, least_area=0.35)},
    'larger crops: 0.7 of the area': {'phases': recipe.phases(3, 0.75, 0.5, 0.5, least_area=0.7)},
    'peak rate 0.4': {'peak_rate': 0.4},
    'peak rate 0.1': {'peak_rate': 0.1},
    'less at 64, more at 128, in the same time': {'phases': recipe.phases(1.3, 0.75, 1, 0.5)},
    'no colours, no encoding, no sharpness': {'colours': 0, 'encoded_again': 0, 'resharpened': 0},
    'CutMix in 30% of the steps': {'cut_mix': 0.3},
    'weight decay on depthwise filters too': {'decays_depthwise': True},
    'no weight decay': {'weight_decay': 0},
}


def run(cache, name, seed):
    torch.manual_seed(seed)
    network = MobileNet(ALPHA).to(memory_format=torch.channels_last).train()
    trainer = Trainer(network, dataclasses.replace(BASE, **CHANGES[name]), cache, seed)
    started = time.process_time()
    for number in range(len(trainer.plan)):
        trainer.step(number)
    seconds = time.process_time() - started
    trainer.finish()
    _, _, labels = data.load(cache, 'train')
    training, development = data.splits(labels)
    labels = torch.from_numpy(labels[:].astype('int64'))[development]
    top1 = {}
    for resolution in (64, 128):
        export.gather_statistics(network, trainer.images, export.sample_of(training), resolution)
        logits = export.logits_of(network, trainer.images, development, resolution)
        top1[resolution] = round((logits.argmax(1) == labels).float().mean().item(), 4)
    return {'name': name, 'seed': seed, 'cpuSeconds': round(seconds), 'top1': top1}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--file', required=True)
    parser.add_argument('--seeds', type=int, nargs='+', default=[1])
    options = parser.parse_args()
    run_missing(options.file, CHANGES, options.seeds, functools.partial(run, options.cache))


if __name__ == '__main__':
    main()
