"""The paper's comparisons at this scale: `python3 experiments.py --cache CACHE --file experiments.json`.

Short runs at 64 pixels by the recipe of a narrow network, three seeds each, reported on validation. Finished ones are kept in
the file and not run again. `--table` prints what is in it.
"""

import argparse
import json
import os
import statistics
import time

import numpy as np
import torch
from torch import nn

import data
import export
import network
import recipe
from train import Trainer

SEEDS = (1, 2, 3)
EPOCHS = 3


def mobilenet(alpha, **changes):
    return lambda: network.MobileNet(alpha, **changes)


# Name -> network, training resolution, epochs. Where a comparison is at equal time, the faster one has as many more epochs as
# its step is faster.
RUNS = {
    'separable, alpha 0.25': (mobilenet(0.25), 64, EPOCHS),
    'full, alpha 0.25': (mobilenet(0.25, convolution=network.Full), 64, EPOCHS),
    'separable, alpha 0.25, as long as full': (mobilenet(0.25), 64, 1.8 * EPOCHS),
    'alpha 0.5': (mobilenet(0.5), 64, EPOCHS),
    'thin, alpha 0.375': (mobilenet(0.375), 64, EPOCHS),
    'shallow, alpha 0.5': (mobilenet(0.5, blocks=network.SHALLOW_BLOCKS), 64, EPOCHS),
    'alpha 0.75': (mobilenet(0.75), 64, EPOCHS),
    'alpha 1.0': (mobilenet(1.0), 64, EPOCHS),
    'alpha 0.25 at 96': (mobilenet(0.25), 96, EPOCHS),
    'alpha 0.25 at 128': (mobilenet(0.25), 128, EPOCHS),
}


def run(name, seed, cache):
    build, resolution, epochs = RUNS[name]
    torch.manual_seed(seed)
    net = build().to(memory_format=torch.channels_last).train()
    settings = recipe.Recipe(
        peak_rate=0.2, weight_decay=1e-5, cut_mix=0, phases=(recipe.Phase(epochs, {resolution: 1}, recipe.LEAST_AREA),)
    )
    trainer = Trainer(net, settings, cache, seed)
    started = time.process_time()
    for number in range(len(trainer.plan)):
        trainer.step(number)
    seconds = time.process_time() - started
    trainer.finish()
    export.gather_statistics(net, trainer.images, export.sample_of(trainer.training), resolution)
    images, _, labels = data.load(cache, 'validation')
    logits = export.logits_of(net, images, np.arange(len(labels)), resolution)
    right = (logits.argmax(1) == torch.from_numpy(labels[:].astype('int64'))).float().mean().item()
    return {
        'name': name, 'seed': seed, 'epochs': epochs, 'resolution': resolution, 'cpuSeconds': round(seconds),
        'multAdds': mult_adds(net, resolution), 'top1': round(right, 4),
    }


@torch.no_grad()
def mult_adds(net, resolution):
    """Of one image: each weight of a convolution is used once an output pixel, each of the classifier once."""
    counts = []

    def count(module, _, output):
        pixels = output.shape[2] * output.shape[3] if output.dim() == 4 else 1
        counts.append(module.weight.numel() * pixels)

    layers = [module for module in net.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    net(torch.zeros(1, 3, resolution, resolution))
    for hook in hooks:
        hook.remove()
    return sum(counts)


def load_results(file):
    return json.load(open(file)) if os.path.exists(file) else []


def run_missing(file, names, seeds, run):
    """Runs what the file doesn't hold yet, all names by one seed before the next, and keeps each result as it comes."""
    results = load_results(file)
    done = {(each['name'], each['seed']) for each in results}
    for name, seed in ((name, seed) for seed in seeds for name in names if (name, seed) not in done):
        results.append(run(name, seed))
        print(json.dumps(results[-1]), flush=True)
        with open(file, 'w') as kept:
            json.dump(results, kept, indent=1)


def print_table(results):
    print('| network | resolution | epochs | M mult-adds | CPU seconds a run | top-1, % (standard deviation) |')
    print('|---|---:|---:|---:|---:|---:|')
    for name in RUNS:
        runs = [each for each in results if each['name'] == name]
        if not runs:
            continue
        top1 = [each['top1'] * 100 for each in runs]
        spread = f' ({statistics.stdev(top1):.1f})' if len(runs) > 1 else ''
        seconds = statistics.mean(each['cpuSeconds'] for each in runs)
        print(
            f"| {name} | {runs[0]['resolution']} | {runs[0]['epochs']} | {runs[0]['multAdds'] / 1e6:.1f} "
            f'| {seconds:.0f} | {statistics.mean(top1):.1f}{spread} |'
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--cache')
    parser.add_argument('--file', required=True)
    parser.add_argument('--table', action='store_true')
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.table:
        return print_table(load_results(options.file))
    run_missing(options.file, RUNS, SEEDS, lambda name, seed: run(name, seed, options.cache))


if __name__ == '__main__':
    main()
